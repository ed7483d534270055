//! Bodies that are almost JSON. One odd value in a place that nobody asked for is no reason to lose a
//! reply.

/// A parser gives up below this.
const DEEPEST: usize = 120;

/// Mends what a strict parser refuses; nothing where there is nothing to mend.
///
/// A byte order mark goes; half a surrogate pair becomes U+FFFD; a control character inside a text is
/// escaped; a number that no `f64` holds, and what is nested too deeply, becomes null.
pub(super) fn mended(body: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(body);
    let mut mend = Mend {
        rest: text.trim_start_matches('\u{feff}'),
        out: String::with_capacity(text.len()),
    };
    mend.run();
    (mend.out.as_bytes() != body).then(|| mend.out.into_bytes())
}

struct Mend<'a> {
    rest: &'a str,
    out: String,
}

impl Mend<'_> {
    fn run(&mut self) {
        let mut depth = 0_usize;
        while let Some(next) = self.rest.chars().next() {
            match next {
                '"' => self.text(),
                '{' | '[' if depth == DEEPEST => {
                    self.skip_nested();
                    self.out.push_str("null");
                }
                '{' | '[' => {
                    depth += 1;
                    self.copy(1);
                }
                '}' | ']' => {
                    depth = depth.saturating_sub(1);
                    self.copy(1);
                }
                '-' | '0'..='9' => self.number(),
                'N' | 'I' => self.no_number(),
                other => self.copy(other.len_utf8()),
            }
        }
    }

    fn copy(&mut self, bytes: usize) {
        let (head, rest) = self.rest.split_at(bytes);
        self.out.push_str(head);
        self.rest = rest;
    }

    fn text(&mut self) {
        self.copy(1);
        while let Some(next) = self.rest.chars().next() {
            match next {
                '"' => return self.copy(1),
                '\\' => self.escape(),
                control if u32::from(control) < 0x20 => {
                    self.out.push_str(&format!("\\u{:04x}", u32::from(control)));
                    self.rest = &self.rest[1..];
                }
                other => self.copy(other.len_utf8()),
            }
        }
    }

    fn escape(&mut self) {
        let unit = |text: &str| {
            let digits = text.strip_prefix("\\u")?.get(..4)?;
            u32::from_str_radix(digits, 16).ok()
        };
        let after = self.rest.get(6..).unwrap_or_default();
        match (unit(self.rest), unit(after)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => self.copy(12),
            (Some(0xd800..=0xdfff), _) => {
                self.out.push_str("\\ufffd");
                self.rest = after;
            }
            _ => {
                let escaped = self.rest.chars().nth(1).map_or(0, char::len_utf8);
                self.copy(1 + escaped);
            }
        }
    }

    fn number(&mut self) {
        let is_part = |c: char| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let number = &self.rest[..end];
        if number.parse::<f64>().is_ok_and(f64::is_infinite) {
            self.out.push_str("null");
            self.rest = &self.rest[end..];
        } else if number == "-" && self.rest[1..].starts_with("Infinity") {
            self.rest = &self.rest[1..];
        } else {
            self.copy(end);
        }
    }

    /// `NaN` and `Infinity` are words of JavaScript, and none of JSON.
    fn no_number(&mut self) {
        for word in ["NaN", "Infinity"] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.out.push_str("null");
                self.rest = rest;
                return;
            }
        }
        self.copy(1);
    }

    /// Leaves out a whole object or list, without climbing into it.
    fn skip_nested(&mut self) {
        let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
        for (at, letter) in self.rest.char_indices() {
            match letter {
                _ if escaped => escaped = false,
                '\\' if in_text => escaped = true,
                '"' => in_text = !in_text,
                '{' | '[' if !in_text => depth += 1,
                '}' | ']' if !in_text => {
                    depth -= 1;
                    if depth == 0 {
                        self.rest = &self.rest[at + 1..];
                        return;
                    }
                }
                _ => {}
            }
        }
        self.rest = "";
    }
}
