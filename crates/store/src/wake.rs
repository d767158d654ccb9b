//! Waking those who work when there is something to do, so that nobody waits for the next poll.

use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Who is woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bell {
    /// A worker that only does jobs of our own: one of those who wait is woken, or the next who comes to wait.
    OwnJobs,
    /// A worker that does every job: one, as before.
    AllJobs,
    /// Everybody who delivers.
    Deliveries,
    /// Everybody who tells those who listen.
    Changes,
}

impl Bell {
    const ALL: [Self; 4] = [Self::OwnJobs, Self::AllJobs, Self::Deliveries, Self::Changes];

    /// How it is written where other processes read it.
    const fn mark(self) -> char {
        match self {
            Self::OwnJobs => '!',
            Self::AllJobs => '+',
            Self::Deliveries => '>',
            Self::Changes => '~',
        }
    }
}

/// The bells that a commit rings.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rings([bool; Bell::ALL.len()]);

impl Rings {
    /// Every bell.
    pub(crate) const EVERY: Self = Self([true; Bell::ALL.len()]);

    /// This one too.
    pub(crate) const fn add(&mut self, bell: Bell) {
        self.0[bell as usize] = true;
    }

    /// The marks of these.
    pub(crate) fn marks(self) -> String {
        self.bells().map(Bell::mark).collect()
    }

    /// The bells whose marks a text begins with, and the rest of it.
    pub(crate) fn marked(text: &str) -> (Self, &str) {
        let mut rings = Self::default();
        let rest = text.trim_start_matches(|mark| {
            let bell = Bell::ALL.into_iter().find(|bell| bell.mark() == mark);
            bell.inspect(|bell| rings.add(*bell)).is_some()
        });
        (rings, rest)
    }

    fn bells(self) -> impl Iterator<Item = Bell> {
        Bell::ALL.into_iter().filter(move |bell| self.0[*bell as usize])
    }
}

/// The bells that commits ring, and those who listen.
#[derive(Debug, Default)]
pub struct Wake {
    bells: [Notify; Bell::ALL.len()],
}

impl Wake {
    /// Rings a bell.
    pub fn ring(&self, bell: Bell) {
        match bell {
            Bell::OwnJobs | Bell::AllJobs => self.bells[bell as usize].notify_one(),
            Bell::Deliveries | Bell::Changes => self.bells[bell as usize].notify_waiters(),
        }
    }

    pub(crate) fn ring_all(&self, rings: Rings) {
        for bell in rings.bells() {
            self.ring(bell);
        }
    }

    /// Starts to listen: what rings from here on is heard by [`Listening::heard`]. A worker looks for jobs first and
    /// listens when it has nothing to do, so that a bell that wakes one wakes nobody who is at work.
    pub fn listen(&self, bell: Bell) -> Listening<'_> {
        let mut notified = Box::pin(self.bells[bell as usize].notified());
        notified.as_mut().enable();
        Listening { notified }
    }
}

/// An ear at a bell. Where everybody is woken, listen first, look for work next, wait last: so no ring is missed between.
#[derive(Debug)]
pub struct Listening<'a> {
    notified: std::pin::Pin<Box<Notified<'a>>>,
}

impl Listening<'_> {
    /// Waits for a ring, or until the time has passed.
    pub async fn heard(self, at_most: Duration) {
        // Either way whoever waits looks for itself.
        let _ = tokio::time::timeout(at_most, self.notified).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::timeout;

    #[test]
    fn marks_are_read_as_they_were_written() {
        let mut rings = Rings::default();
        rings.add(Bell::Deliveries);
        rings.add(Bell::OwnJobs);
        let told = format!("{}1f ab *", rings.marks());
        let (heard, rest) = Rings::marked(&told);
        assert_eq!((heard.0, rest), (rings.0, "1f ab *"));
        assert_eq!(Rings::marked("?").1, "?");
    }

    #[tokio::test]
    async fn a_job_wakes_one_worker_and_a_change_everybody() {
        let wake = Wake::default();
        for (bell, woken) in [(Bell::AllJobs, 1), (Bell::Changes, 2)] {
            let ears = [wake.listen(bell), wake.listen(bell)];
            wake.ring(bell);
            let mut heard = 0;
            for ear in ears {
                heard += usize::from(timeout(Duration::ZERO, ear.notified).await.is_ok());
            }
            assert_eq!(heard, woken);
        }
    }

    #[tokio::test]
    async fn a_job_that_came_while_all_were_at_work_wakes_the_next_to_wait() {
        let wake = Wake::default();
        wake.ring(Bell::OwnJobs);
        let ear = wake.listen(Bell::OwnJobs);
        assert!(timeout(Duration::ZERO, ear.notified).await.is_ok());
    }
}
