//! The sample settings: the programs that they are for read them.

use promgen_tests::process::{command, needed};
use promgen_tests::prometheus::promtool;
use promgen_tests::promgen::Installation;

/// `promgen check` on a sample, with folders that are there.
fn checked(name: &str) -> String {
    let installation = Installation::new(None, "");
    super::folders(installation.folder());
    let settings = super::moved_to(&super::text(name), installation.folder());
    // Whether this machine has promtool is not what the sample is asked.
    let promtool = std::env::current_exe().unwrap().display().to_string();
    installation.write(
        "promgen.yml",
        &settings.replace("/usr/bin/promtool", &promtool),
    );
    let output = installation.run(&["check"]);
    assert_eq!(output.code, 0, "{name}: {}", output.stderr);
    output.stderr
}

#[test]
fn promgen_has_nothing_to_say_about_what_the_samples_set() {
    for name in ["promgen.yml", "container/promgen.yml"] {
        let sample: serde_json::Value = serde_yaml::from_str(&super::text(name)).unwrap();
        let said = checked(name);
        // What a container without promtool leaves out is no mistake.
        let left_out = |line: &&str| name.starts_with("container") && line.contains("W001");
        let warnings = said.lines().filter(|line| line.starts_with("warning"));
        for line in warnings.filter(|line| !left_out(line)) {
            let about = sample
                .as_object()
                .unwrap()
                .keys()
                .find(|key| line.contains(*key));
            assert_eq!(about, None, "{name}: {line}");
        }
    }
}

#[test]
fn prometheus_reads_its_sample() {
    let Some(promtool) = promtool() else { return };
    let sample = super::path("container/prometheus.yml");
    let done = command(
        &promtool,
        &["check".as_ref(), "config".as_ref(), sample.as_os_str()],
    )
    .output()
    .unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[test]
fn alertmanager_reads_its_sample() {
    let Some(amtool) = needed(&["amtool"]) else {
        return;
    };
    let sample = super::path("container/alertmanager.yml");
    let done = command(&amtool, &["check-config".as_ref(), sample.as_os_str()])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

/// Messages of several services or projects would have to be split (`alertmanager.split`).
#[test]
fn alertmanager_groups_by_what_promgen_routes_by() {
    let sample: serde_json::Value =
        serde_yaml::from_str(&super::text("container/alertmanager.yml")).unwrap();
    let by = serde_json::json!(["service", "project"]);
    assert_eq!(sample["route"]["group_by"], by);
}
