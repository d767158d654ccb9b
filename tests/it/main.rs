//! Promises kept by the whole project, in one binary.

mod databases;
mod fixtures;
mod harness;
mod parity;
mod process;
mod setting;
mod source;
mod story;
mod statements;
mod tidy;
