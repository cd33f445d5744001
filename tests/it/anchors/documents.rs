//! S17: a document is data: it runs nothing, and it cannot grow beyond its size.

use promgen_tests::promgen::Installation;

fn installation() -> Installation {
    let installation = Installation::new(None, "");
    installation.load(
        "promgen: 1\nshards: [{name: main}]\nservices: [{name: shop, projects: [{name: web, shard: main}]}]\n",
    );
    installation
}

const COMMANDS: [&[&str]; 4] = [
    &["tree", "apply", "bad.yml"],
    &["import-jobs", "bad.yml"],
    &["import-rules", "bad.yml"],
    &["import-probe", "bad.yml", "--no-input"],
];

/// Every reader refuses it with exit code 1, and nothing changes.
fn refused_by_all(text: &str) {
    let installation = installation();
    let before = installation.ok(&["tree", "export"]);
    installation.write("bad.yml", text);
    for command in COMMANDS {
        let refused = installation.refused(command);
        assert!(refused.contains("bad.yml"), "{command:?}: {refused}");
        assert!(refused.contains("remedy: "), "{command:?}: {refused}");
        // Nobody wants to read a bomb again in the error.
        assert!(refused.len() < 10_000, "{command:?}");
    }
    assert_eq!(installation.ok(&["tree", "export"]), before);
}

#[test]
fn s17_tags_that_other_readers_run_are_refused() {
    for text in [
        "!!python/object/apply:os.system ['touch ran']",
        "!!python/object:shop.Exploit {a: 1}",
        "!!javax.script.ScriptEngineManager [x]",
        "!<tag:yaml.org,2002:ruby/object:Gem::Installer> {i: x}",
        "promgen: 1\nmodules: !!python/name:os.system {}\ngroups: !!python/name:os.system []\n",
    ] {
        refused_by_all(text);
    }
}

#[test]
fn s17_aliases_do_not_multiply() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let line = format!(
            "a{level}: &a{level} [{}]\n",
            vec![format!("*a{}", level - 1); 10].join(", ")
        );
        laughs.push_str(&line);
    }
    refused_by_all(&laughs);
    refused_by_all("a: &a [*a]\n");
    let wide = format!(
        "a: &a [{}]\nb: [{}]\n",
        vec!["x"; 2000].join(","),
        vec!["*a"; 2000].join(",")
    );
    refused_by_all(&wide);
}

#[test]
fn s17_depth_is_bounded() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
        let deep = format!("{}x{}\n", open.repeat(100_000), close.repeat(100_000));
        refused_by_all(&deep);
    }
}

#[test]
fn s17_size_is_bounded() {
    refused_by_all(&"# filler\n".repeat(8 * 1024 * 1024));
}

#[test]
fn s17_what_the_schema_does_not_know_is_refused() {
    let installation = installation();
    for (command, text) in [
        (COMMANDS[0], "promgen: 1\nsuperuser: [me]\n"),
        (COMMANDS[0], "promgen: 1\nservices: [{name: a, id: 7}]\n"),
        (
            COMMANDS[1],
            "[{\"targets\": [\"a:1\"], \"labels\": {}, \"hosts\": []}]",
        ),
        (COMMANDS[2], "groups: [{name: a, rules: [], run: x}]\n"),
    ] {
        installation.write("bad.yml", text);
        let refused = installation.refused(command);
        assert!(refused.contains("bad.yml:"), "{text}: {refused}");
    }
}
