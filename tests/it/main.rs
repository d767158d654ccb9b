//! Promises kept by the whole project, in one binary.

mod agreement;
mod astray;
mod commands;
mod databases;
mod delivery;
mod five_nodes;
mod fixtures;
mod full_disk;
mod harness;
mod leaving;
mod members_only;
mod moderation;
mod parity;
mod peer;
mod personas;
mod process;
mod setting;
mod source;
mod statements;
mod story;
mod stranger;
mod synchronizing;
mod threads;
mod tidy;
mod two_nodes;
mod wire;
