//! A bounded memory: things by their keys, the least lately used of which are forgotten in bulk.
//!
//! When half of it is full, that half becomes the old one, and what was in the old one before and was not asked for
//! since goes. So nothing is counted or ordered with each look.

use std::collections::HashMap;
use std::hash::Hash;

/// Things, each with the bytes it takes.
#[derive(Debug)]
pub(crate) struct Generations<K, T> {
    half_bytes_max: usize,
    bytes: usize,
    young: HashMap<K, (usize, T)>,
    old: HashMap<K, (usize, T)>,
}

impl<K: Clone + Eq + Hash, T> Generations<K, T> {
    /// With room for so many bytes.
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { half_bytes_max: bytes_max / 2, bytes: 0, young: HashMap::new(), old: HashMap::new() }
    }

    /// What is kept under the key.
    pub(crate) fn get(&mut self, key: &K) -> Option<&T> {
        if !self.young.contains_key(key) {
            let (bytes, thing) = self.old.remove(key)?;
            self.put(key.clone(), bytes, thing);
        }
        self.young.get(key).map(|(_, thing)| thing)
    }

    /// Keeps it in place of what was there.
    pub(crate) fn put(&mut self, key: K, bytes: usize, thing: T) {
        self.remove(&key);
        if bytes > self.half_bytes_max {
            return;
        }
        if self.bytes + bytes > self.half_bytes_max {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.young.insert(key, (bytes, thing));
    }

    /// Forgets it.
    pub(crate) fn remove(&mut self, key: &K) {
        self.old.remove(key);
        if let Some((bytes, _)) = self.young.remove(key) {
            self.bytes -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten_when_it_is_full() {
        let mut kept = Generations::new(200);
        for key in 0..100 {
            kept.put(key, 10, "thing");
            assert!(kept.get(&0).is_some(), "somebody looks at it all the time");
            let held: usize = kept.young.values().chain(kept.old.values()).map(|(bytes, _)| bytes).sum();
            assert!(held <= 200 && kept.bytes <= 100, "{held}");
        }
        assert!(kept.get(&99).is_some() && kept.get(&1).is_none());
        kept.put(99, 101, "too large");
        assert!(kept.get(&99).is_none(), "and what was there before it is gone");
    }

    #[test]
    fn what_takes_the_place_of_another_takes_its_bytes() {
        let mut kept = Generations::new(200);
        for bytes in [10, 60, 20] {
            kept.put(7, bytes, bytes);
            assert_eq!((kept.bytes, kept.get(&7)), (bytes, Some(&bytes)));
        }
        kept.remove(&7);
        assert_eq!((kept.bytes, kept.get(&7)), (0, None));
    }
}
