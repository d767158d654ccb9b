//! What the program says about itself, to standard error: lines for people or for machines.
//!
//! Fields are dotted by noun and spelled one way everywhere: `post.id`, `host.name`, `panic.place`.

use crate::config::{Log, LogFormat};
use std::io::{self, IsTerminal};
use std::panic::{self, PanicHookInfo};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

/// Starts the log for the whole process, panics included. Called once, before anything can fail.
pub fn start(log: &Log) {
    let lines = fmt::layer().with_writer(io::stderr);
    let lines = match log.format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    registry().with(lines.with_filter(log.level.targets())).init();
    panic::set_hook(Box::new(log_panic));
}

/// Takes the place of the usual print, so that a panic is one line, once, in the chosen format.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    tracing::error!(
        panic.place = panic.location().map(tracing::field::display),
        panic.thread = thread.name(),
        panic.message = safe_message(panic.payload()),
        "a part of the program failed where it never should",
    );
}

/// The message, where it is text from our source. One put together at run time may quote a member.
fn safe_message(payload: &(dyn std::any::Any + Send)) -> &'static str {
    payload.downcast_ref::<&'static str>().copied().unwrap_or("(withheld: it may quote a member)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_quoted_only_where_it_cannot_quote_a_member() {
        let fixed = panic::catch_unwind(|| panic!("the queue is gone")).unwrap_err();
        assert_eq!(safe_message(&*fixed), "the queue is gone");
        let words = String::from("what a member wrote");
        let quoted = panic::catch_unwind(|| panic!("cannot read {words}")).unwrap_err();
        assert!(!safe_message(&*quoted).contains("wrote"));
    }
}
