//! Something kept in memory up to a limit, the least used forgotten first.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What was used lately. There are two halves: whatever is used moves to the young one, and when that
/// is full it becomes the old one, and the old one is forgotten.
#[derive(Debug)]
pub(super) struct Cache<K, V> {
    half_max: usize,
    halves: Mutex<Halves<K, V>>,
}

#[derive(Debug)]
struct Halves<K, V> {
    young: HashMap<K, Arc<V>>,
    old: HashMap<K, Arc<V>>,
}

impl<K: Eq + Hash, V> Cache<K, V> {
    pub(super) fn new(max: usize) -> Self {
        let halves = Halves { young: HashMap::new(), old: HashMap::new() };
        Self { half_max: max.div_ceil(2), halves: Mutex::new(halves) }
    }

    pub(super) fn get<Q>(&self, key: &Q) -> Option<Arc<V>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut halves = self.lock();
        if let Some(value) = halves.young.get(key) {
            return Some(Arc::clone(value));
        }
        let (key, value) = halves.old.remove_entry(key)?;
        self.keep(&mut halves, key, Arc::clone(&value));
        Some(value)
    }

    pub(super) fn put(&self, key: K, value: V) -> Arc<V> {
        let value = Arc::new(value);
        self.keep(&mut self.lock(), key, Arc::clone(&value));
        value
    }

    pub(super) fn remove<Q>(&self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let mut halves = self.lock();
        halves.young.remove(key);
        halves.old.remove(key);
    }

    fn keep(&self, halves: &mut Halves<K, V>, key: K, value: Arc<V>) {
        if halves.young.len() >= self.half_max {
            halves.old = mem::take(&mut halves.young);
        }
        halves.young.insert(key, value);
    }

    fn lock(&self) -> MutexGuard<'_, Halves<K, V>> {
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten() {
        let cache = Cache::new(4);
        for number in 0..100 {
            cache.put(number, number);
            assert_eq!(cache.get(&0).as_deref(), Some(&0), "used all the time");
            let halves = cache.lock();
            assert!(halves.young.len() + halves.old.len() <= 4);
        }
        assert_eq!(cache.get(&1), None);
        cache.remove(&0);
        assert_eq!(cache.get(&0), None);
    }

    #[test]
    fn the_newest_value_counts() {
        let cache = Cache::new(2);
        cache.put("a", 1);
        cache.put("b", 1);
        cache.put("a", 2);
        assert_eq!(cache.get("a").as_deref(), Some(&2));
    }
}
