//! Names of the files of a run: each begins with its line or holds it, so that it follows from the line alone.

use civitai_jobs::Naming;

/// How files are called where it is not said.
pub(crate) const NAME: &str = "{line}-{prompt}-{seed}";

const LINE: &str = "{line}";

/// Reads a template, which must tell lines apart: two that meet would be numbered in the order in which they end.
pub(crate) fn template(text: &str) -> Result<String, String> {
    if !text.contains(LINE) {
        return Err(format!("expected {LINE} in it, such as `{NAME}`"));
    }
    let read: Result<Naming, _> = text.replace(LINE, "0").parse();
    let read = read.map_err(|error| error.to_string().replace("there are", "there are {line},"));
    read.map(|_| text.to_owned())
}

/// The template for the files of a line, whose number has so many digits.
pub(super) fn of_line(template: &str, line: u32, width: usize) -> String {
    template.replace(LINE, &format!("{line:0width$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_line() {
        assert_eq!(of_line(NAME, 7, 4), "0007-{prompt}-{seed}");
        assert!(template("{prompt}").unwrap_err().contains("{line}"));
        assert!(
            template("{line}-{sed}")
                .unwrap_err()
                .contains("{line}, {prompt}")
        );
        assert!(template("../{line}").is_err());
    }
}
