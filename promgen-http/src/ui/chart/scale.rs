//! From numbers to places on the drawing.

use super::{ABOVE, BELOW, GridLine, HEIGHT};

/// A vertical axis from zero to a round number.
pub(super) struct Scale {
    top: f64,
}

impl Scale {
    /// One that holds a value.
    pub(super) fn of(greatest: f64) -> Self {
        let greatest = greatest.max(1.0);
        let power = 10_f64.powf(greatest.log10().floor());
        // Their halves are whole, as what is counted is.
        let steps = [1.0, 2.0, 4.0, 6.0, 10.0];
        let round = steps.into_iter().find(|step| step * power >= greatest);
        Self {
            top: round.unwrap_or(10.0) * power,
        }
    }

    /// Where a value lies, from the top.
    pub(super) fn y(&self, value: f64) -> f64 {
        let room = HEIGHT - ABOVE - BELOW;
        ABOVE + room * (1.0 - value / self.top)
    }

    /// Lines at nothing, at the half, and at the top.
    pub(super) fn lines(&self) -> Vec<GridLine> {
        let halves = if self.top < 2.0 {
            vec![0.0, self.top]
        } else {
            vec![0.0, self.top / 2.0, self.top]
        };
        let line = |value: f64| GridLine {
            y: text(self.y(value)),
            text: short(value),
        };
        halves.into_iter().map(line).collect()
    }
}

/// A count as a number that can be drawn; what is beyond 2⁵³ is drawn a little off.
pub(super) fn real(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a pixel is less precise by far")]
    {
        count as f64
    }
}

/// A position in a list as a number that can be drawn.
pub(super) fn index(at: usize) -> f64 {
    real(u64::try_from(at).unwrap_or(u64::MAX))
}

/// A place with one digit behind the point.
pub(super) fn text(place: f64) -> String {
    format!("{place:.1}")
}

/// A number in few letters: `1.5k`.
pub(super) fn short(value: f64) -> String {
    let units = [(1e9, "G"), (1e6, "M"), (1e3, "k")];
    let unit = units.into_iter().find(|(size, _)| value >= *size);
    let (value, unit) = unit.map_or((value, ""), |(size, unit)| (value / size, unit));
    let digits = format!("{value:.1}");
    format!("{}{unit}", digits.strip_suffix(".0").unwrap_or(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_a_round_number() {
        for (greatest, top) in [
            (0.0, "1"),
            (1.0, "1"),
            (3.0, "4"),
            (5.0, "6"),
            (11.0, "20"),
            (4_999.0, "6k"),
            (999_999.0, "1M"),
        ] {
            let lines = Scale::of(greatest).lines();
            assert_eq!(lines.last().unwrap().text, top, "{greatest}");
            assert_eq!(lines[0].text, "0");
        }
    }

    #[test]
    fn lines_lie_at_whole_numbers() {
        for greatest in 0..100 {
            for line in Scale::of(f64::from(greatest)).lines() {
                assert!(
                    line.text.parse::<u32>().is_ok(),
                    "{greatest}: {}",
                    line.text
                );
            }
        }
    }

    #[test]
    fn what_is_greater_lies_higher() {
        let scale = Scale::of(10.0);
        assert!(scale.y(10.0) < scale.y(5.0) && scale.y(5.0) < scale.y(0.0));
        assert!(scale.y(10.0) >= 0.0 && scale.y(0.0) <= HEIGHT);
    }
}
