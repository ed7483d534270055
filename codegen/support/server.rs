//! Where the API is, as the contract says.

use super::Error;

/// A server of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Server {
    /// Its address, with variables in braces.
    pub address: &'static str,
    /// Its variables.
    pub variables: &'static [Variable],
}

/// A variable of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is unless told.
    pub usual: &'static str,
    /// What it may be; anything where nothing is listed.
    pub values: &'static [&'static str],
}

impl Server {
    /// Makes one of what the contract says.
    pub(crate) const fn new(address: &'static str, variables: &'static [Variable]) -> Self {
        Self { address, variables }
    }

    /// Returns the address with its variables as they usually are.
    pub fn url(&self) -> String {
        let usual = |variable: &Variable| variable.usual.to_owned();
        self.filled(usual)
    }

    /// Returns the address with some variables set, and the others as they usually are.
    ///
    /// # Errors
    ///
    /// A variable that the address does not have, or a value that the contract does not list.
    pub fn url_with(&self, set: &[(&str, &str)]) -> Result<String, Error> {
        for (name, value) in set {
            let variable = self.variables.iter().find(|one| one.name == *name);
            let fits =
                variable.is_some_and(|one| one.values.is_empty() || one.values.contains(value));
            if !fits {
                let what = format!("`{value}` is no value of the variable `{name}` of the server");
                return Err(Error::unusable_address(&what));
            }
        }
        Ok(self.filled(|variable| {
            let told = set.iter().find(|(name, _)| *name == variable.name);
            told.map_or(variable.usual, |(_, value)| value).to_owned()
        }))
    }

    fn filled(&self, value: impl Fn(&Variable) -> String) -> String {
        let mut address = self.address.to_owned();
        for variable in self.variables {
            address = address.replace(&format!("{{{}}}", variable.name), &value(variable));
        }
        address
    }
}

impl Variable {
    /// Makes one of what the contract says.
    pub(crate) const fn new(
        name: &'static str,
        usual: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            usual,
            values,
        }
    }
}
