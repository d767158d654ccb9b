#![doc = include_str!("../README.md")]

pub mod algorithm;
pub mod keys;
pub mod policy;
pub mod private_key;
pub mod refused;
pub mod request;
pub mod sign;
pub mod time;
pub mod verify;

mod cavage;
mod digest;
mod multikey;
mod pem;
mod rfc9421;
