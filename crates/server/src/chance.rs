//! Real randomness, which every other crate is handed.

use alongside_app::context::Chance;

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).expect("an operating system that runs programs has randomness for them");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_draws_are_the_same() {
        let (mut one, mut other) = ([0; 32], [0; 32]);
        SystemChance.fill(&mut one);
        SystemChance.fill(&mut other);
        assert_ne!(one, other);
    }
}
