//! The client struct. Its methods stand in the `operations` modules.

use quote::quote;

use super::{attributes, constants};
use crate::model::Server;

pub(super) fn client(title: &str, servers: &[Server], support: &syn::Path) -> Vec<syn::Item> {
    let (named, variable) = constants::used(servers);
    let known = (!servers.is_empty()).then(|| {
        let servers = servers.iter().map(constants::server);
        quote! {
            /// The servers that the contract names, the usual one first.
            pub const SERVERS: &[Server] = &[#(#servers),*];
        }
    });
    let text = attributes::docs(&format!(
        "A client of {}: one method for each operation of the contract.\n\nCheap to clone; clones share connections.",
        title.trim_end_matches('.'),
    ));
    let file: syn::File = syn::parse_quote! {
        use #support::{Http, #named #variable};

        #text
        #[derive(Clone, Debug)]
        pub struct Client {
            http: Http,
        }

        impl Client {
            #known

            /// Creates a client on a transport.
            pub fn new(http: Http) -> Self {
                Self { http }
            }

            /// Returns the transport.
            pub fn http(&self) -> &Http {
                &self.http
            }
        }
    };
    file.items
}
