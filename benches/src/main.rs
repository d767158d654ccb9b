//! Side-by-side measures, run by `./dev bench`.

fn main() {}
