//! Files of every form, and those that are none.

use promgen_core::testing::{RecordingDiscoveryContext, discovery_keeps_the_contract};
use tempfile::TempDir;

use super::*;

struct Files {
    folder: TempDir,
    source: File,
}

fn files(files: &[(&str, &str)]) -> Files {
    let folder = TempDir::new().unwrap();
    let path = |(name, text): &(&str, &str)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let source = File {
        paths: files.iter().map(path).collect(),
        timeout: Duration::from_mins(1),
        memo: Memo::new(),
    };
    Files { folder, source }
}

async fn hosts(files: &Files, farm: &str) -> Result<Vec<String>, DiscoveryError> {
    let context = RecordingDiscoveryContext::new();
    files.source.fetch(&context, farm).await
}

async fn refused(name: &str, text: &str) -> String {
    let files = files(&[(name, text)]);
    let error = hosts(&files, "web").await.unwrap_err().message;
    let path = files.folder.path().join(name).display().to_string();
    assert!(error.starts_with(&path), "{error}");
    error
}

const MAPPING: &str = "web: [a.example.com, 10.0.0.1]\ndb:\n  - '[::1]:9100'\n  - b:5432\nnone:\n";
const GROUPS: &str = "- targets: [a:1, b:2]\n  labels: {farm: web, port: 9100}\n- targets: [c]\n";

#[tokio::test]
async fn mappings_and_groups_are_read_from_yaml_and_json() {
    let json = r#"{"web": ["c"], "db": []}"#;
    let groups = "[\n\t{\"targets\": [\"d:1\"], \"labels\": {\"farm\": \"web\"}}]";
    let files = files(&[
        ("a.yml", MAPPING),
        ("b.yaml", GROUPS),
        ("c.json", json),
        ("d.json", groups),
        ("e.yml", "# nothing\n"),
    ]);
    let web = hosts(&files, "web").await.unwrap();
    assert_eq!(web, ["10.0.0.1", "a", "a.example.com", "b", "c", "d"]);
    assert_eq!(hosts(&files, "db").await.unwrap(), ["[::1]", "b"]);
    assert_eq!(hosts(&files, "default").await.unwrap(), ["c"]);
    assert_eq!(hosts(&files, "none").await.unwrap(), [""; 0]);
    discovery_keeps_the_contract(&files.source, &RecordingDiscoveryContext::new()).await;
}

#[tokio::test]
async fn a_mark_of_the_byte_order_is_fine() {
    let marked = [
        ("a.yml", "\u{feff}web: [a]"),
        ("b.json", "\u{feff}{\"web\": [\"b\"]}"),
    ];
    assert_eq!(hosts(&files(&marked), "web").await.unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn a_file_is_read_anew_each_time() {
    let files = files(&[("a.yml", "web: [a]")]);
    assert_eq!(hosts(&files, "web").await.unwrap(), ["a"]);
    std::fs::write(files.folder.path().join("a.yml"), "web: [b]").unwrap();
    assert_eq!(hosts(&files, "web").await.unwrap(), ["b"]);
}

#[tokio::test]
async fn what_is_wrong_is_told_with_file_and_line() {
    for (name, text, part) in [
        ("a.yml", "web: [a]\ndb: 7\n", "line 2"),
        ("a.yml", "web: [a]\nweb: [b]\n", "line 2"),
        ("a.yml", "web: [a\n", "line"),
        ("a.yml", "just text", "mapping of farm"),
        ("a.json", "{\"web\": [\n7]}", "line 2"),
        (
            "a.json",
            "{\"F\": [\"a\"],\n\"F\": [\"c\"]}",
            "farm \"F\" stands here twice",
        ),
        ("a.json", "[{\"labels\": {}}]", "targets"),
        ("a.json", "", "line 1"),
    ] {
        let error = refused(name, text).await;
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_fails_the_others_too() {
    let mut files = files(&[("a.yml", "web: [a]")]);
    let missing = files.folder.path().join("missing.yml");
    files.source.paths.push(missing.clone());
    let error = hosts(&files, "web").await.unwrap_err().message;
    assert!(error.contains("missing.yml"), "{error}");
    assert!(error.contains("promgen.discovery.file: path"), "{error}");
    std::fs::create_dir(&missing).unwrap();
    let error = hosts(&files, "web").await.unwrap_err().message;
    assert!(error.contains("is no file"), "{error}");
    std::fs::remove_dir(&missing).unwrap();
    std::fs::File::create(&missing)
        .unwrap()
        .set_len(FILE_BYTES + 1)
        .unwrap();
    let error = hosts(&files, "web").await.unwrap_err().message;
    assert!(error.contains("larger than 64 MiB"), "{error}");
}

#[tokio::test]
async fn without_a_path_it_says_what_to_set() {
    let source = File::new(&Settings::default()).unwrap();
    let context = RecordingDiscoveryContext::new();
    let error = source.farms(&context).await.unwrap_err().message;
    assert!(error.contains("promgen.discovery.file: path"), "{error}");
}
