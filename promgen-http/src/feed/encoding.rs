//! Which form of an export the client wants (RFC 9110, section 12.5.3).

use http::{HeaderMap, header};

/// The forms in which an export is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As it is.
    Identity,
    /// Compressed with gzip.
    Gzip,
}

impl Encoding {
    /// The form that `Accept-Encoding` asks for.
    ///
    /// gzip when it is named and wanted at least as much as the plain form; the plain form when
    /// both are refused, because an answer is of more use than a 406.
    pub(super) fn wanted(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT_ENCODING);
        let items = values.iter().filter_map(|value| value.to_str().ok());
        let (mut gzip, mut identity, mut rest) = (None, None, None);
        for item in items.flat_map(|value| value.split(',')) {
            let Some((coding, weight)) = parse(item) else {
                continue;
            };
            let slot = match coding.to_ascii_lowercase().as_str() {
                "gzip" | "x-gzip" => &mut gzip,
                "identity" => &mut identity,
                "*" => &mut rest,
                _ => continue,
            };
            *slot = Some(weight);
        }
        let gzip = gzip.or(rest).unwrap_or(0);
        if gzip > 0 && gzip >= identity.unwrap_or(0) {
            Self::Gzip
        } else {
            Self::Identity
        }
    }
}

/// A coding and its weight in thousandths; `None` for what does not follow the form.
fn parse(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let coding = parts.next().filter(|coding| !coding.is_empty())?;
    let weight = match parts.next() {
        None => 1000,
        Some(parameter) => {
            let (name, value) = parameter.split_once('=')?;
            let named = name.trim().eq_ignore_ascii_case("q");
            named.then(|| thousandths(value.trim())).flatten()?
        }
    };
    Some((coding, weight))
}

fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || fraction.len() > 3 || !matches!(whole, "0" | "1") {
        return None;
    }
    let padded: u16 = format!("{fraction:0<3}").parse().ok()?;
    let weight = if whole == "1" { 1000 + padded } else { padded };
    (weight <= 1000).then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(values: &[&'static str]) -> Encoding {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT_ENCODING, value.parse().unwrap());
        }
        Encoding::wanted(&headers)
    }

    #[test]
    fn gzip_is_given_to_whoever_takes_it() {
        for value in [
            "gzip",
            "GZIP",
            "x-gzip",
            "*",
            "deflate, gzip;q=0.5",
            "br;q=1.0, gzip; q=0.001",
            "gzip;q=1, identity;q=0.5",
            "identity;q=0, *",
            "gzip, identity",
        ] {
            assert_eq!(wanted(&[value]), Encoding::Gzip, "{value}");
        }
        assert_eq!(wanted(&["br", "gzip"]), Encoding::Gzip);
    }

    #[test]
    fn the_plain_form_is_given_to_everybody_else() {
        for value in [
            "",
            "br, deflate",
            "gzip;q=0",
            "gzip;q=0, *",
            "gzip;q=0.5, identity",
            "identity;q=0, gzip;q=0",
            "gzip;q=2",
            "gzip;q=0.0000",
            "gzip;level=9",
            ";,;q=1",
        ] {
            assert_eq!(wanted(&[value]), Encoding::Identity, "{value}");
        }
        assert_eq!(wanted(&[]), Encoding::Identity);
    }
}
