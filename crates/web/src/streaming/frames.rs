//! The texts that connections are sent: the same news as a message of a WebSocket and as a server-sent event.

use bytes::Bytes;
use serde_json::json;

/// In which form a connection is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// Messages of a WebSocket.
    Socket,
    /// Server-sent events.
    Events,
}

/// One piece of news in this form; `stream` is the name of the channel as its client gave it, as JSON.
pub(crate) fn frame(form: Form, stream: &str, event: &str, payload: Option<&str>) -> Bytes {
    match form {
        Form::Socket => {
            // A payload is a text inside a text: clients read it twice.
            let payload = payload.map(|payload| format!(r#","payload":{}"#, json!(payload)));
            let payload = payload.unwrap_or_default();
            format!(r#"{{"stream":{stream},"event":"{event}"{payload}}}"#).into()
        }
        // JSON has no line breaks of its own, so one line of data is enough.
        Form::Events => format!("event: {event}\ndata: {}\n\n", payload.unwrap_or_default()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_payload_is_a_text_inside_a_text() {
        let payload = r#"{"content":"<p>\"now\"\n</p>"}"#;
        let frame = frame(Form::Socket, r#"["hashtag","Tea"]"#, "update", Some(payload));
        let read: Value = serde_json::from_slice(&frame).unwrap();
        assert_eq!(read, json!({ "stream": ["hashtag", "Tea"], "event": "update", "payload": payload }));
    }

    #[test]
    fn what_needs_no_payload_has_none() {
        assert_eq!(
            frame(Form::Socket, r#"["user"]"#, "filters_changed", None),
            r#"{"stream":["user"],"event":"filters_changed"}"#
        );
        assert_eq!(frame(Form::Events, "", "filters_changed", None), "event: filters_changed\ndata: \n\n");
        assert_eq!(frame(Form::Events, "", "delete", Some("7")), "event: delete\ndata: 7\n\n");
    }
}
