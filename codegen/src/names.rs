//! Rust names for the names of a contract. Only a [`NameScope`] hands out identifiers, so that two
//! never become one.

use std::collections::BTreeSet;

use heck::{ToPascalCase as _, ToSnakeCase as _};

/// The longest type name that reads well.
pub(crate) const LONGEST: usize = 48;

/// Features that every generated crate may have, whatever cuts it.
pub(crate) const RESERVED_FEATURES: [&str; 4] = ["default", "limits", "rustls", "watch"];

/// Names that the generated code already uses for something else.
pub(crate) const RESERVED_TYPES: [&str; 32] = [
    "AsRef",
    "Box",
    "Client",
    "DecodeError",
    "Default",
    "Eq",
    "Err",
    "Error",
    "Extra",
    "FnMut",
    "From",
    "Http",
    "Input",
    "Into",
    "None",
    "Nullable",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "RawObject",
    "Reference",
    "ResponseValue",
    "Result",
    "Self",
    "Some",
    "String",
    "Tagged",
    "Tree",
    "UnknownValue",
    "Vec",
];

/// Words that Rust keeps for itself.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// What generated code calls by its first segment, which a module beside it would hide.
const CRATES: [&str; 14] = [
    "alloc",
    "bytes",
    "chrono",
    "core",
    "futures",
    "percent_encoding",
    "reqwest",
    "secrecy",
    "serde",
    "serde_json",
    "std",
    "support",
    "tracing",
    "wiring",
];

/// Identifiers already given out at one level.
#[derive(Debug, Default)]
pub(crate) struct NameScope {
    taken: BTreeSet<String>,
}

impl NameScope {
    /// Makes a scope in which some names are taken.
    pub(crate) fn with_reserved<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            taken: names.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Returns the wanted name, with a number behind it where it is taken.
    pub(crate) fn claim(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        name
    }
}

/// The name of a type or a variant. One that could be a type's name stays as it is.
pub(crate) fn pascal(text: &str) -> String {
    let is_word = |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric());
    // A run of capitals is a word of its own: `NSFWLevel` is written `NsfwLevel`.
    let has_run = text
        .as_bytes()
        .windows(2)
        .any(|pair| pair.iter().all(u8::is_ascii_uppercase));
    if text.starts_with(|first: char| first.is_ascii_uppercase()) && is_word(text) && !has_run {
        return text.to_owned();
    }
    guard(&spell(text).to_pascal_case(), "N", "Empty")
}

/// The name of a module, function or parameter.
pub(crate) fn snake(text: &str) -> String {
    keyword_safe(field_key(text))
}

/// The name of a module that is a file, which Rust wants in ASCII: other scripts are written in it.
pub(crate) fn module(text: &str) -> String {
    let name = snake(&deunicode::deunicode(text));
    if CRATES.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// The name of a field: as [`snake`], but without the underscore behind a keyword, which the
/// backend adds itself.
pub(crate) fn field_key(text: &str) -> String {
    guard(&spell(text).to_snake_case(), "n", "empty")
}

/// Adds the underscore that a keyword needs.
pub(crate) fn keyword_safe(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// The name of an enum's variant for a value on the wire.
pub(crate) fn variant(value: &str) -> String {
    let name = pascal(value);
    if name == "Self" {
        "SelfValue".to_owned()
    } else {
        name
    }
}

/// A name must start with a letter.
fn guard(name: &str, prefix: &str, empty: &str) -> String {
    match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => name.to_owned(),
        Some(_) => format!("{prefix}{name}"),
    }
}

/// Spells out the signs that would otherwise vanish and make two names one.
fn spell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '#' => out.push_str(" sharp "),
            '+' => out.push_str(" plus "),
            '*' => out.push_str(" star "),
            '%' => out.push_str(" percent "),
            '&' => out.push_str(" and "),
            letter if unicode_ident::is_xid_continue(letter) => out.push(letter),
            _ => out.push(' '),
        }
    }
    // Where there is nothing but signs, each says something.
    if !out.contains(char::is_alphanumeric) {
        out = text.chars().map(sign).collect();
    }
    // A minus before a number says something; a hyphen in a word does not.
    if text.starts_with('-') && text[1..].starts_with(|c: char| c.is_ascii_digit()) {
        out.insert_str(0, "minus ");
    }
    // `2.5` and `25` differ, and so do `1:1` and `11`.
    separate_digits(&out)
}

/// A sign in words, with a space before.
fn sign(letter: char) -> String {
    let word = match letter {
        ' ' => "space",
        '_' => "underscore",
        '-' => "dash",
        '$' => "dollar",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '/' => "slash",
        '\\' => "backslash",
        '|' => "bar",
        '~' => "tilde",
        '^' => "caret",
        '?' => "question",
        '@' => "at",
        '"' | '\'' | '`' => "quote",
        '#' => "sharp",
        '+' => "plus",
        '*' => "star",
        '%' => "percent",
        '&' => "and",
        '(' | '[' | '{' => "open",
        ')' | ']' | '}' => "close",
        other => deunicode::deunicode_char(other).unwrap_or_default(),
    };
    let spelled = word.chars().map(|letter| match letter {
        '+' => " plus ".to_owned(),
        '-' => " minus ".to_owned(),
        letter if letter.is_ascii_alphanumeric() || letter == ' ' => letter.to_string(),
        _ => String::new(),
    });
    format!(" {}", spelled.collect::<String>())
}

/// Puts an underscore-like word break that survives case conversion between two numbers.
fn separate_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = None;
    let letters: Vec<char> = text.chars().collect();
    for (index, &letter) in letters.iter().enumerate() {
        let next = letters.get(index + 1);
        let between = matches!(letter, ' ' | '_')
            && last.is_some_and(|c: char| c.is_ascii_digit())
            && next.is_some_and(char::is_ascii_digit);
        out.push_str(if between { "x" } else { "" });
        if !between {
            out.push(letter);
        }
        last = Some(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_apart() {
        let cases = [
            ("C major", "CMajor"),
            ("C# major", "CSharpMajor"),
            ("2.5-flash", "N2x5Flash"),
            ("1:1", "N1x1"),
            ("11", "N11"),
            ("dpm++2s_a", "DpmPlusPlus2sA"),
            ("-1", "Minus1"),
            ("ReadOnlySpan`1", "ReadOnlySpan1"),
            ("Self", "SelfValue"),
            ("", "Empty"),
            ("<=", "LessEqual"),
            ("👍", "Plus1"),
            ("公開", "公開"),
        ];
        for (value, name) in cases {
            assert_eq!(variant(value), name, "{value}");
        }
    }

    #[test]
    fn fields_are_snake_case() {
        let cases = [
            ("negativePrompt", "negative_prompt"),
            ("$type", "type_"),
            ("$ref", "ref_"),
            ("as", "as_"),
            ("tool_choice", "tool_choice"),
            ("3d", "n3d"),
            ("_", "underscore"),
            ("$", "dollar"),
            ("", "empty"),
        ];
        for (wire, field) in cases {
            assert_eq!(snake(wire), field, "{wire}");
        }
    }

    #[test]
    fn modules_are_files_and_so_in_ascii() {
        let cases = [
            ("Größen", "grossen"),
            ("商品管理", "shang_pin_guan_li"),
            ("mod", "mod_"),
            ("★", "star"),
        ];
        for (tag, name) in cases {
            assert_eq!(module(tag), name, "{tag}");
        }
    }

    #[test]
    fn a_scope_never_gives_a_name_twice() {
        let mut scope = NameScope::with_reserved(["Error"]);
        assert_eq!(scope.claim("Error"), "Error2");
        assert_eq!(scope.claim("Job"), "Job");
        assert_eq!(scope.claim("Job"), "Job2");
        assert_eq!(scope.claim("Job"), "Job3");
    }
}
