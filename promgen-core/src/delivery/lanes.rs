//! Lanes: a destination that is slow or dead takes its own time, never that of the others.
//!
//! Every destination has a lane, and each process keeps its own lanes in memory. A lane lets
//! through what the driver's [`Pace`] allows; one whose last attempt failed is ill, and lets through
//! a single attempt at a time until one succeeds again. Over all lanes only attempts that are young
//! count against the room of the process, so that those that hang do not use it up; and those at ill
//! destinations get no more than half of it.
//!
//! There is no other bound, nor need for one: as many begin in a second as there is room, and none
//! lives longer than its deadline.
//!
//! Where a lane is merely full, as many again may wait before it, each for the end of an attempt: that
//! is sooner than another look at the database.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::model::Destination;
use crate::plugin::Pace;

/// An attempt that takes longer than this no longer counts against the room: it waits for somebody
/// else. A healthy destination answers well within it.
const YOUNG: Duration = Duration::from_secs(1);

/// How an attempt left its destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It answered, be it with a refusal of this message.
    Well,
    /// It failed, and wants to be left alone for this long.
    Ill(Option<Duration>),
}

/// Whether it is the turn of an attempt that waits before a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is let through.
    Now(Passage),
    /// The lane is still full.
    Later,
    /// The lane is closed: whoever waits goes away, and comes back when it is due again.
    Closed,
}

/// The number of an attempt that was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Passage(u64);

#[derive(Debug, Default)]
struct Lane {
    under_way: usize,
    /// Those that wait before it.
    before: usize,
    not_before: Option<Instant>,
    ill: bool,
}

impl Lane {
    fn is_open(&self, pace: &Pace, now: Instant) -> bool {
        let most = if self.ill { 1 } else { pace.at_once };
        self.under_way < most && self.not_before.is_none_or(|opens| opens <= now)
    }

    /// Whether nothing stands in the way but that it is full.
    fn flows(&self, pace: &Pace, now: Instant) -> bool {
        !self.ill && pace.every.is_zero() && self.not_before.is_none_or(|opens| opens <= now)
    }

    fn is_idle(&self, now: Instant) -> bool {
        let used = self.under_way + self.before;
        used == 0 && !self.ill && self.not_before.is_none_or(|opens| opens <= now)
    }
}

/// An attempt under way.
#[derive(Debug)]
struct Begun {
    at: Instant,
    ill: bool,
}

impl Begun {
    fn is_young(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.at) < YOUNG
    }
}

/// The lanes of one process.
#[derive(Debug)]
pub struct Lanes {
    room: usize,
    open: HashMap<Destination, (Pace, Lane)>,
    begun: HashMap<Passage, Begun>,
    next: u64,
}

impl Lanes {
    /// Lanes for so many young attempts at once; at least 1.
    pub fn new(room: usize) -> Self {
        Self {
            room: room.max(1),
            open: HashMap::new(),
            begun: HashMap::new(),
            next: 0,
        }
    }

    /// How many more attempts may begin.
    pub fn room(&self, now: Instant) -> usize {
        let young = self.begun.values().filter(|begun| begun.is_young(now));
        self.room.saturating_sub(young.count())
    }

    /// Whether an ill destination may get one of them: at least one does.
    fn has_room_for_ill(&self, now: Instant) -> bool {
        let young = |begun: &&Begun| begun.ill && begun.is_young(now);
        self.begun.values().filter(young).count() < self.room.div_ceil(2)
    }

    /// Lets an attempt through, if there is room and the destination's lane is open.
    pub fn begin(
        &mut self,
        destination: &Destination,
        pace: Pace,
        now: Instant,
    ) -> Option<Passage> {
        if self.room(now) == 0 {
            return None;
        }
        let ill_may = self.has_room_for_ill(now);
        let lane = self.open.entry(destination.clone());
        let (_, lane) = lane.or_insert_with(|| (pace, Lane::default()));
        if !lane.is_open(&pace, now) || (lane.ill && !ill_may) {
            return None;
        }
        lane.under_way += 1;
        if !pace.every.is_zero() {
            lane.not_before = Some(now + pace.every);
        }
        let passage = Passage(self.next);
        self.next += 1;
        let ill = lane.ill;
        self.begun.insert(passage, Begun { at: now, ill });
        Some(passage)
    }

    /// Lets an attempt wait before the lane of its destination, if that is full and flows; `false` when
    /// it must not wait.
    pub fn wait(&mut self, destination: &Destination, now: Instant) -> bool {
        let waiting: usize = self.open.values().map(|(_, lane)| lane.before).sum();
        let Some((pace, lane)) = self.open.get_mut(destination) else {
            return false;
        };
        let may = waiting < self.room && lane.before < pace.at_once && lane.flows(pace, now);
        lane.before += usize::from(may);
        may
    }

    /// Whether it is the turn of one that waits.
    pub fn turn(&mut self, destination: &Destination, now: Instant) -> Turn {
        let lane = self.open.get(destination);
        let Some(pace) = lane
            .filter(|(pace, lane)| lane.flows(pace, now))
            .map(|(pace, _)| *pace)
        else {
            return Turn::Closed;
        };
        let Some(passage) = self.begin(destination, pace, now) else {
            return Turn::Later;
        };
        if let Some((_, lane)) = self.open.get_mut(destination) {
            lane.before = lane.before.saturating_sub(1);
        }
        Turn::Now(passage)
    }

    /// One that waited goes away.
    pub fn leave(&mut self, destination: &Destination, now: Instant) {
        let Some((_, lane)) = self.open.get_mut(destination) else {
            return;
        };
        lane.before = lane.before.saturating_sub(1);
        if lane.is_idle(now) {
            self.open.remove(destination);
        }
    }

    /// An attempt ended; `None` when it was never made.
    pub fn end(
        &mut self,
        passage: Passage,
        destination: &Destination,
        health: Option<Health>,
        now: Instant,
    ) {
        self.begun.remove(&passage);
        let Some((_, lane)) = self.open.get_mut(destination) else {
            return;
        };
        lane.under_way = lane.under_way.saturating_sub(1);
        match health {
            Some(Health::Well) => lane.ill = false,
            Some(Health::Ill(wait)) => {
                lane.ill = true;
                let opens = wait.map(|wait| now + wait);
                lane.not_before = lane.not_before.max(opens);
            }
            None => {}
        }
        if lane.is_idle(now) {
            self.open.remove(destination);
        }
    }

    /// Destinations whose lanes are closed at this moment.
    pub fn closed(&self, now: Instant) -> Vec<Destination> {
        let ill_may = self.has_room_for_ill(now);
        let closed = |(_, (pace, lane)): &(&Destination, &(Pace, Lane))| {
            !lane.is_open(pace, now) || (lane.ill && !ill_may)
        };
        let lanes = self.open.iter().filter(closed);
        lanes.map(|(destination, _)| destination.clone()).collect()
    }

    /// How long until the next lane opens by itself.
    pub fn opens_in(&self, now: Instant) -> Option<Duration> {
        let waits = |(_, lane): &(Pace, Lane)| lane.not_before.filter(|opens| *opens > now);
        let next = self.open.values().filter_map(waits).min();
        next.map(|opens| opens.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Pace = Pace {
        at_once: 1,
        every: Duration::from_secs(1),
        bundle: 20,
    };

    fn to(value: &str) -> Destination {
        Destination {
            driver: "d".to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn a_destination_gets_no_more_at_once_than_its_pace_allows() {
        let (mut lanes, now) = (Lanes::new(64), Instant::now());
        let passages: Vec<_> = (0..20)
            .filter_map(|_| lanes.begin(&to("a"), Pace::USUAL, now))
            .collect();
        assert_eq!(passages.len(), Pace::USUAL.at_once);
        assert_eq!(lanes.closed(now), [to("a")]);
        assert!(lanes.begin(&to("b"), Pace::USUAL, now).is_some());
        lanes.end(passages[0], &to("a"), Some(Health::Well), now);
        assert!(lanes.begin(&to("a"), Pace::USUAL, now).is_some());
    }

    #[test]
    fn a_paced_lane_opens_again_after_its_time() {
        let (mut lanes, now) = (Lanes::new(64), Instant::now());
        let first = lanes.begin(&to("chat"), SLOW, now).unwrap();
        lanes.end(first, &to("chat"), Some(Health::Well), now);
        let soon = now + Duration::from_millis(400);
        assert!(lanes.begin(&to("chat"), SLOW, soon).is_none());
        assert_eq!(lanes.opens_in(soon), Some(Duration::from_millis(600)));
        assert!(lanes.begin(&to("chat"), SLOW, now + SLOW.every).is_some());
    }

    #[test]
    fn an_ill_destination_is_tried_by_one_attempt_at_a_time() {
        let (mut lanes, now) = (Lanes::new(64), Instant::now());
        let first = lanes.begin(&to("a"), Pace::USUAL, now).unwrap();
        lanes.end(first, &to("a"), Some(Health::Ill(None)), now);
        let second = lanes.begin(&to("a"), Pace::USUAL, now).unwrap();
        assert!(lanes.begin(&to("a"), Pace::USUAL, now).is_none());
        lanes.end(second, &to("a"), Some(Health::Well), now);
        assert!(lanes.begin(&to("a"), Pace::USUAL, now).is_some());
        assert!(lanes.begin(&to("a"), Pace::USUAL, now).is_some());
    }

    #[test]
    fn a_destination_that_asks_to_be_left_alone_is() {
        let (mut lanes, now) = (Lanes::new(64), Instant::now());
        let wait = Duration::from_secs(30);
        let first = lanes.begin(&to("a"), Pace::USUAL, now).unwrap();
        lanes.end(first, &to("a"), Some(Health::Ill(Some(wait))), now);
        assert_eq!(lanes.closed(now), [to("a")]);
        assert!(lanes.begin(&to("a"), Pace::USUAL, now + wait).is_some());
    }

    #[test]
    fn attempts_that_hang_give_their_room_to_others() {
        let (mut lanes, now) = (Lanes::new(2), Instant::now());
        assert!(lanes.begin(&to("a"), Pace::USUAL, now).is_some());
        assert!(lanes.begin(&to("b"), Pace::USUAL, now).is_some());
        assert!(lanes.begin(&to("c"), Pace::USUAL, now).is_none());
        let later = now + YOUNG;
        assert_eq!(lanes.room(later), 2);
        assert!(lanes.begin(&to("c"), Pace::USUAL, later).is_some());
    }

    #[test]
    fn attempts_that_hang_are_never_too_many_for_another() {
        let (mut lanes, mut now) = (Lanes::new(2), Instant::now());
        for number in 0..1000 {
            let hung = to(&format!("hung {number}"));
            assert!(lanes.begin(&hung, Pace::USUAL, now).is_some(), "{number}");
            now += YOUNG;
        }
        assert_eq!(lanes.room(now), 2);
    }

    #[test]
    fn ill_destinations_leave_half_of_the_room_to_others() {
        let (mut lanes, now) = (Lanes::new(4), Instant::now());
        let ill: Vec<Destination> = (0..4).map(|number| to(&format!("ill {number}"))).collect();
        for one in &ill {
            let passage = lanes.begin(one, Pace::USUAL, now).unwrap();
            lanes.end(passage, one, Some(Health::Ill(None)), now);
        }
        let again = |lanes: &mut Lanes, now| -> usize {
            let begun = ill
                .iter()
                .filter_map(|one| lanes.begin(one, Pace::USUAL, now));
            begun.count()
        };
        assert_eq!(again(&mut lanes, now), 2);
        assert_eq!(lanes.closed(now).len(), 4);
        assert!(lanes.begin(&to("a"), Pace::USUAL, now).is_some());
        assert!(lanes.begin(&to("b"), Pace::USUAL, now).is_some());
        assert_eq!(again(&mut lanes, now + YOUNG), 2, "the first two hang");
    }

    #[test]
    fn as_many_as_go_through_a_full_lane_may_wait_before_it() {
        let (mut lanes, now) = (Lanes::new(64), Instant::now());
        assert!(!lanes.wait(&to("a"), now), "nobody is there to wait for");
        let passages: Vec<_> = (0..Pace::USUAL.at_once)
            .filter_map(|_| lanes.begin(&to("a"), Pace::USUAL, now))
            .collect();
        let waiting = (0..20).filter(|_| lanes.wait(&to("a"), now)).count();
        assert_eq!(waiting, Pace::USUAL.at_once);
        assert_eq!(lanes.turn(&to("a"), now), Turn::Later);
        lanes.end(passages[0], &to("a"), Some(Health::Well), now);
        assert!(matches!(lanes.turn(&to("a"), now), Turn::Now(_)));
        assert_eq!(lanes.turn(&to("a"), now), Turn::Later);
        assert!(lanes.wait(&to("a"), now), "one went through");
    }

    #[test]
    fn nobody_waits_before_a_lane_that_is_paced_or_ill() {
        let (mut lanes, now) = (Lanes::new(64), Instant::now());
        lanes.begin(&to("chat"), SLOW, now).unwrap();
        assert!(!lanes.wait(&to("chat"), now));
        let passages: Vec<_> = (0..Pace::USUAL.at_once)
            .filter_map(|_| lanes.begin(&to("a"), Pace::USUAL, now))
            .collect();
        assert!(lanes.wait(&to("a"), now));
        lanes.end(passages[0], &to("a"), Some(Health::Ill(None)), now);
        assert_eq!(lanes.turn(&to("a"), now), Turn::Closed);
        assert!(!lanes.wait(&to("a"), now));
    }

    #[test]
    fn no_more_wait_than_the_process_has_room_for() {
        let (mut lanes, now) = (Lanes::new(2), Instant::now());
        for place in ["a", "b"] {
            lanes.begin(&to(place), Pace::USUAL, now).unwrap();
        }
        assert!(lanes.wait(&to("a"), now) && lanes.wait(&to("b"), now));
        assert!(!lanes.wait(&to("a"), now));
        lanes.leave(&to("b"), now);
        assert!(lanes.wait(&to("a"), now));
    }

    #[test]
    fn a_lane_that_nobody_uses_is_forgotten() {
        let (mut lanes, now) = (Lanes::new(2), Instant::now());
        let passage = lanes.begin(&to("a"), Pace::USUAL, now).unwrap();
        lanes.end(passage, &to("a"), None, now);
        assert!(lanes.open.is_empty() && lanes.begun.is_empty());
    }
}
