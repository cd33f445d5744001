//! How a message reads: subject and body of mails and chats.
//!
//! Source: the texts that Promgen 0.74 sends (`spec 05`, section 4).

use std::fmt::Write as _;

use super::message::Message;

/// Subject, and the whole text of a resolved message in chats: `[status]` and the values of the
/// common labels by their names. One line, whatever the labels hold.
pub fn subject(message: &Message) -> String {
    summary_line(message)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// `[status]` followed by the values of the common labels, in the order of their names.
pub fn summary_line(message: &Message) -> String {
    let mut line = format!("[{}]", message.status());
    for value in message.common_labels().values() {
        line.push(' ');
        line.push_str(value);
    }
    line
}

/// The body: the summary line, the common annotations, then each alert with what it has beyond the
/// common labels and annotations.
pub fn body(message: &Message) -> String {
    let mut text = format!("{}\n\n", summary_line(message));
    let (labels, annotations) = (message.common_labels(), message.common_annotations());
    for (name, value) in &annotations {
        line(&mut text, &format!("{}: {value}", title(name)));
    }
    for alert in message.alerts() {
        text.push_str("\nLabels: ");
        for (_, value) in alert
            .labels
            .iter()
            .filter(|(name, _)| !labels.contains_key(*name))
        {
            // Writing to a String cannot fail.
            write!(text, "{value} ").ok();
        }
        text.push('\n');
        for (name, value) in alert
            .annotations
            .iter()
            .filter(|(n, _)| !annotations.contains_key(*n))
        {
            line(&mut text, &format!("{}: {value}", title(name)));
        }
        line(&mut text, &format!("Source: {}", alert.generator_url));
    }
    text.trim().to_owned()
}

/// What chats show: the subject of what is over, the body of everything else.
pub fn chat_text(message: &Message) -> String {
    if message.status() == "resolved" {
        subject(message)
    } else {
        body(message)
    }
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// The first letter of every word large, all others small. A digit does not end a word (`p99th`
/// becomes `P99th`): so does the `title` filter of the original's templates.
fn title(name: &str) -> String {
    let mut titled = String::with_capacity(name.len());
    let mut inside = false;
    for c in name.chars() {
        if inside {
            titled.extend(c.to_lowercase());
        } else {
            titled.extend(c.to_uppercase());
        }
        inside = c.is_alphanumeric();
    }
    titled
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn message() -> Message {
        let alert = |instance: &str| {
            json!({"labels": {"alertname": "DiskFull", "instance": instance},
                   "annotations": {"summary": format!("Error on {instance}")},
                   "generatorURL": "http://prom"})
        };
        let message = json!({
            "status": "firing",
            "commonLabels": {"severity": "major", "service": "shop", "alertname": "DiskFull"},
            "commonAnnotations": {"runbook_url": "http://g/x"},
            "alerts": [alert("a.example"), alert("b.example")],
        });
        Message::parse(message.to_string().as_bytes(), 64).unwrap()
    }

    #[test]
    fn a_body_reads_as_the_original_wrote_it() {
        let expected = "[firing] DiskFull shop major\n\nRunbook_Url: http://g/x\n\n\
            Labels: a.example \nSummary: Error on a.example\nSource: http://prom\n\n\
            Labels: b.example \nSummary: Error on b.example\nSource: http://prom";
        assert_eq!(body(&message()), expected);
    }

    #[test]
    fn keys_are_titles() {
        let titles = ["grafana", "runbook_url", "k8s_NODE", "p99th", "8s", "a-b c"].map(title);
        let expected = ["Grafana", "Runbook_Url", "K8s_Node", "P99th", "8s", "A-B C"];
        assert_eq!(titles, expected);
    }

    #[test]
    fn a_subject_is_one_line_whatever_the_labels_hold() {
        let posted = json!({"status": "firing", "commonLabels": {"a": "x\r\nBcc: y"}});
        let message = Message::parse(posted.to_string().as_bytes(), 64).unwrap();
        assert_eq!(subject(&message), "[firing] x  Bcc: y");
    }
}
