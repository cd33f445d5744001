//! Takes the two files of Swagger UI that `/rest/v2/docs/` needs out of the archive its crate brings, and
//! packs them as browsers take them. The archive holds each of its programs several times, for those who
//! bundle it.

use std::error::Error;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

const WANTED: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = std::env::var("OUT_DIR")?;
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for wanted in WANTED {
        let mut content = Vec::new();
        for number in 0..archive.len() {
            let mut entry = archive.by_index(number)?;
            // The first folder bears the version.
            let name = entry.name()?;
            let name = name.split_once("/dist/").map(|(_, name)| name);
            if name == Some(wanted) {
                entry.read_to_end(&mut content)?;
            }
        }
        if content.is_empty() {
            return Err(format!("the archive of Swagger UI lacks {wanted}").into());
        }
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&content)?;
        let packed = packed.finish()?;
        std::fs::write(Path::new(&out).join(format!("{wanted}.gz")), packed)?;
    }
    Ok(())
}
