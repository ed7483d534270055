//! A condition's words and signs.

use serde_json::{Number, Value};

use super::compare::Operator;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    Not,
    And,
    Or,
    Operator(Operator),
    Literal(Value),
    /// A text in double quotes, which the language does not have and authors write.
    DoubleQuoted(String),
    /// Something that begins with `$` or `@`.
    Path(String),
}

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' => {
                quoted(rest, '\'').map(|(text, length)| (Token::Literal(text.into()), length))?
            }
            '"' => quoted(rest, '"').map(|(text, length)| (Token::DoubleQuoted(text), length))?,
            '$' | '@' => {
                let length = path_length(rest);
                (Token::Path(rest[..length].to_owned()), length)
            }
            _ => match sign(rest) {
                Some(found) => found,
                None => word(rest)?,
            },
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn sign(rest: &str) -> Option<(Token, usize)> {
    use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let signs = [
        ("&&", Token::And),
        ("||", Token::Or),
        ("==", Token::Operator(Equal)),
        ("!=", Token::Operator(NotEqual)),
        ("<=", Token::Operator(LessOrEqual)),
        (">=", Token::Operator(GreaterOrEqual)),
        ("<", Token::Operator(Less)),
        (">", Token::Operator(Greater)),
        ("!", Token::Not),
        ("(", Token::Open),
        (")", Token::Close),
    ];
    // Three signs in a row, as in `===`, are of another language.
    let foreign = rest.starts_with("===") || rest.starts_with("!==");
    let found = signs.into_iter().find(|(sign, _)| rest.starts_with(sign));
    found
        .filter(|_| !foreign)
        .map(|(sign, token)| (token, sign.len()))
}

/// A text in quotes, in which a doubled quote stands for one.
fn quoted(rest: &str, quote: char) -> Result<(String, usize), String> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            text.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            text.push(quote);
            chars.next();
        } else {
            return Ok((text, at + quote.len_utf8()));
        }
    }
    Err(format!("a text has no end: {rest}"))
}

/// An operand runs to a blank or a sign, those inside brackets not counted.
fn path_length(rest: &str) -> usize {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => {
                quote = None;
            }
            (None, '\'' | '"') if depth > 0 => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') => depth = depth.saturating_sub(1),
            (None, c) if depth == 0 && (c.is_whitespace() || "()!&|<=>".contains(c)) => return at,
            _ => {}
        }
    }
    rest.len()
}

fn word(rest: &str) -> Result<(Token, usize), String> {
    let end = rest.find(|c: char| c.is_whitespace() || "()!&|<=>'\"".contains(c));
    let word = &rest[..end.unwrap_or(rest.len())];
    let literal = match word {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        "" => return Err(format!("not understood: {rest}")),
        _ => match serde_json::from_str::<Number>(word) {
            Ok(number) => Value::Number(number),
            Err(_) => return Err(format!("`{word}` is neither a literal nor an expression")),
        },
    };
    Ok((Token::Literal(literal), word.len()))
}
