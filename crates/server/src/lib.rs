//! The node as a program: configuration, commands, wiring, workers and shutdown.
//!
//! The only crate that reads the clock, the environment or the command line; what it learns there it
//! hands to the others as values.

pub mod chance;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod folder;
pub mod housekeeping;
pub mod listener;
pub mod lock;
pub mod mail;
pub mod media;
pub mod open_files;
pub mod proxies;
pub mod serve;
pub mod shutdown;
pub mod taking;
pub mod telemetry;
pub mod wiring;
