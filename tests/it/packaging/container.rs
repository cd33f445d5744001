//! The container's recipe and the composition, held against the sources and the program.

use std::collections::BTreeSet;

use promgen_tests::promgen::Installation;
use serde_json::Value;

const FOLDER: &str = "container";

/// The arguments of an instruction of the Dockerfile, each time that it stands there.
fn instructions(name: &str) -> Vec<String> {
    let file = super::text(&format!("{FOLDER}/Dockerfile"));
    let lines = file.lines().filter_map(|line| line.strip_prefix(name));
    lines.map(|rest| rest.trim().to_owned()).collect()
}

/// What the Dockerfile copies from the sources.
fn copied() -> BTreeSet<String> {
    let lines = instructions("COPY ");
    let lines = lines.iter().filter(|line| !line.starts_with("--from"));
    let sources = lines.flat_map(|line| {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        words.pop();
        words
    });
    sources.map(str::to_owned).collect()
}

/// Whether the program understands a command line, without doing anything.
fn understood(arguments: &[&str]) {
    let mut arguments = arguments.to_vec();
    arguments.push("--help");
    Installation::new(None, "").ok(&arguments);
}

fn compose() -> Value {
    serde_yaml::from_str(&super::text(&format!("{FOLDER}/compose.yml"))).unwrap()
}

/// The services of the composition that are Promgen itself, after merging.
fn merged(services: &Value) -> Vec<(&String, Value)> {
    let services = services.as_object().unwrap();
    let own = services
        .iter()
        .filter(|(_, service)| service.get("<<").is_some());
    own.map(|(name, service)| {
        let mut merged = service["<<"].clone();
        for (key, value) in service.as_object().unwrap() {
            merged[key] = value.clone();
        }
        (name, merged)
    })
    .collect()
}

#[test]
fn what_is_copied_is_there_and_is_the_whole_workspace() {
    let copied = copied();
    for name in &copied {
        assert!(super::root().join(name).exists(), "{name}");
    }
    let manifest = std::fs::read_to_string(super::root().join("Cargo.toml")).unwrap();
    let members = manifest.split_once("\nmembers = [").unwrap().1;
    let members = members.split_once(']').unwrap().0;
    for member in members.split(',') {
        let member = member.trim().trim_matches('"');
        let whole = copied
            .iter()
            .any(|name| member.split('/').next() == Some(name));
        assert!(whole, "{member} is a member, and cargo wants all of them");
    }
    let ignored = super::text(&format!("{FOLDER}/Dockerfile.dockerignore"));
    let sent: BTreeSet<String> = ignored
        .lines()
        .filter_map(|line| line.strip_prefix('!'))
        .map(str::to_owned)
        .collect();
    assert_eq!(sent, copied, "what is sent to be built is what is copied");
}

#[test]
fn the_compiler_is_that_of_the_sources_and_the_user_is_not_root() {
    let toolchain = std::fs::read_to_string(super::root().join("rust-toolchain.toml")).unwrap();
    let channel = toolchain.split('"').nth(1).unwrap();
    let from = instructions("FROM ");
    assert!(from[0].starts_with(&format!("rust:{channel}-")), "{from:?}");
    let user = instructions("USER ");
    assert!(user.len() == 1 && !user[0].starts_with('0') && !user[0].contains("root"));
    let copied = instructions("COPY --from=build ");
    assert_eq!(copied, ["/build/target/release/promgen /usr/bin/promgen"]);
}

#[test]
fn the_container_starts_with_a_command_of_the_program() {
    let words = |name: &str| -> Vec<String> {
        serde_json::from_str(&instructions(name).pop().unwrap()).unwrap()
    };
    assert_eq!(words("ENTRYPOINT "), ["/usr/bin/promgen"]);
    let command = words("CMD ");
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    assert_eq!(command, ["web", "--bind", "0.0.0.0:8000"]);
    understood(&command);
}

#[test]
fn the_composition_runs_commands_of_the_program_on_files_that_are_there() {
    let compose = compose();
    let own = merged(&compose["services"]);
    let names: Vec<&str> = own.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["web", "alerts", "deploy"]);
    for (name, service) in &own {
        let words = service["command"].as_array().unwrap().iter();
        understood(&words.map(|word| word.as_str().unwrap()).collect::<Vec<_>>());
        let context = service["build"]["context"].as_str().unwrap();
        let context = super::path(FOLDER).join(context);
        let recipe = service["build"]["dockerfile"].as_str().unwrap();
        assert!(context.join(recipe).is_file(), "{name}");
    }
    let mounts = compose["services"].as_object().unwrap().values();
    let mounts = mounts.chain(own.iter().map(|(_, service)| service));
    for mount in mounts
        .filter_map(|service| service["volumes"].as_array())
        .flatten()
    {
        let source = mount.as_str().unwrap().split(':').next().unwrap();
        let there = match source.strip_prefix("./") {
            // Made by the operator, and in no repository.
            Some("alerts.token") => true,
            Some(file) => super::path(FOLDER).join(file).is_file(),
            None => compose["volumes"].get(source).is_some(),
        };
        assert!(there, "{mount}");
    }
}

#[test]
fn images_of_others_are_of_one_version() {
    let compose = compose();
    for (name, service) in compose["services"].as_object().unwrap() {
        let Some(image) = service["image"].as_str() else {
            continue;
        };
        let tag = image.rsplit_once(':').map_or("", |(_, tag)| tag);
        assert!(
            tag.contains(|c: char| c.is_ascii_digit()),
            "{name}: {image}"
        );
    }
}

/// Prometheus loads the rules that the container `deploy` writes, as the server that it is asked as.
#[test]
fn the_samples_of_the_composition_fit_each_other() {
    let settings: Value = serde_yaml::from_str(&super::text("container/promgen.yml")).unwrap();
    let rules = settings["prometheus"]["rules"].as_str().unwrap();
    let prometheus: Value = serde_yaml::from_str(&super::text("container/prometheus.yml")).unwrap();
    let pattern = prometheus["rule_files"][0].as_str().unwrap();
    let (folder, ending) = pattern.split_once('*').unwrap();
    assert!(rules.starts_with(folder) && rules.ends_with(ending));
    let url = prometheus["scrape_configs"][0]["http_sd_configs"][0]["url"]
        .as_str()
        .unwrap();
    let server = url
        .rsplit_once("server=")
        .unwrap()
        .1
        .split(':')
        .next()
        .unwrap();
    let compose = compose();
    let queues = compose["services"]["deploy"]["command"].as_array().unwrap();
    assert_eq!(queues.last().unwrap(), server);
    assert!(compose["services"].get(server).is_some());
}
