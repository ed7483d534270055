//! Expressions that stand in a text without the braces that would make them count.

use super::Expression;

/// An expression without braces, and the text with braces around all of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unbraced {
    pub(crate) expressions: Vec<Expression>,
    pub(crate) mended: String,
}

/// Finds expressions without braces in a text that is no expression as a whole.
pub(crate) fn unbraced(text: &str) -> Option<Unbraced> {
    let (mut expressions, mut mended, mut rest) = (Vec::new(), String::new(), text);
    while let Some(start) = rest.find('$') {
        let (before, from) = rest.split_at(start);
        mended.push_str(before);
        let ends = |c: char| c.is_whitespace() || "'\"`,;:()<>{}&|=!?".contains(c);
        let length = from[1..].find(ends).map_or(from.len(), |end| end + 1);
        // A full stop ends a sentence, too.
        let word = from[..length].trim_end_matches('.');
        let embedded = before.ends_with('{');
        match Expression::parse(word).filter(|_| !embedded && word.contains('.')) {
            Some(expression) => {
                mended.push_str(&format!("{{{word}}}"));
                expressions.push(expression);
            }
            None => mended.push_str(word),
        }
        rest = &from[word.len().max(1)..];
        if word.is_empty() {
            mended.push('$');
        }
    }
    mended.push_str(rest);
    (!expressions.is_empty()).then_some(Unbraced {
        expressions,
        mended,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_go_around_what_has_none() {
        for (text, mended) in [
            ("Bearer $inputs.key", Some("Bearer {$inputs.key}")),
            (
                "$inputs.a and $steps.b.outputs.c.",
                Some("{$inputs.a} and {$steps.b.outputs.c}."),
            ),
            (
                "a=$response.body#/x/0, {$inputs.b}",
                Some("a={$response.body#/x/0}, {$inputs.b}"),
            ),
            ("{$inputs.a}", None),
            ("costs $5.00 or $dollars", None),
            ("$", None),
            ("no $url alone", None),
        ] {
            let found = unbraced(text).map(|found| found.mended);
            assert_eq!(found.as_deref(), mended, "{text}");
        }
    }
}
