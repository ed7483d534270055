//! The grammar of simple conditions.

use serde_json_path::JsonPath;

use super::lexer::{Token, tokens};
use super::simple::{Operand, Simple};
use crate::expression::Expression;

/// Deepest nesting of parentheses and negations.
const DEEPEST: usize = 50;

/// Reads a condition. With `paths`, operands may be JSONPath queries over the context.
pub(super) fn parse(text: &str, paths: bool) -> Result<Simple, String> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        paths,
    };
    let parsed = parser.or()?;
    match parser.peek() {
        None => Ok(parsed),
        Some(token) => Err(format!("not understood: {}", shown(token))),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    paths: bool,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let there = self.peek() == Some(token);
        self.at += usize::from(there);
        there
    }

    fn or(&mut self) -> Result<Simple, String> {
        let mut parts = vec![self.and()?];
        while self.take(&Token::Or) {
            parts.push(self.and()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Simple::Or(parts)
        })
    }

    fn and(&mut self) -> Result<Simple, String> {
        let mut parts = vec![self.basic()?];
        while self.take(&Token::And) {
            parts.push(self.basic()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Simple::And(parts)
        })
    }

    fn basic(&mut self) -> Result<Simple, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("the condition is nested too deep".to_owned());
        }
        let parsed = if self.take(&Token::Not) {
            Simple::Not(Box::new(self.basic()?))
        } else if self.take(&Token::Open) {
            let inside = self.or()?;
            if !self.take(&Token::Close) {
                return Err("a parenthesis is not closed".to_owned());
            }
            inside
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(parsed)
    }

    fn comparison(&mut self) -> Result<Simple, String> {
        let left = self.operand()?;
        let Some(Token::Operator(operator)) = self.peek() else {
            return Ok(Simple::Bare(left));
        };
        let operator = *operator;
        self.at += 1;
        Ok(Simple::Compare(left, operator, self.operand()?))
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let token = self
            .peek()
            .cloned()
            .ok_or("a value is missing at the end")?;
        self.at += 1;
        match token {
            Token::Literal(value) => Ok(Operand::Literal(value)),
            Token::DoubleQuoted(text) => Ok(Operand::DoubleQuoted(text.into())),
            Token::Path(text) => {
                if let Some(expression) = Expression::parse(&text) {
                    return Ok(Operand::Expression(expression));
                }
                // `@` alone stands for the root where there is no filter around it.
                let path = text.strip_prefix('@').map(|rest| format!("${rest}"));
                match JsonPath::parse(path.as_ref().unwrap_or(&text)) {
                    Ok(path) if self.paths => Ok(Operand::Path(Box::new(path))),
                    _ => Err(format!("`{text}` is no expression")),
                }
            }
            other => Err(format!("a value is missing before {}", shown(&other))),
        }
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Open => "`(`".to_owned(),
        Token::Close => "`)`".to_owned(),
        Token::Not => "`!`".to_owned(),
        Token::And => "`&&`".to_owned(),
        Token::Or => "`||`".to_owned(),
        Token::Operator(_) => "an operator".to_owned(),
        Token::Literal(value) => format!("`{value}`"),
        Token::DoubleQuoted(text) => format!("`\"{text}\"`"),
        Token::Path(text) => format!("`{text}`"),
    }
}
