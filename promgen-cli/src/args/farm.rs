//! The arguments of `promgen farm`.

use clap::{Args as ClapArgs, Subcommand};

use super::Format;

#[derive(Debug, Subcommand)]
pub(crate) enum Farm {
    /// All farms, their sources, and the projects that they serve.
    List {
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Give remote farms the hosts that their sources have.
    Refresh(FarmRefresh),
    /// Let a farm of a source serve a project.
    Link {
        /// Project.
        project: String,
        /// Source, as `promgen plugins` lists it.
        source: String,
        /// Farm, as `promgen farm offers` lists it.
        farm: String,
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
    /// Take the farm from a project; a remote one that serves no other project is deleted.
    Unlink {
        /// Project.
        project: String,
    },
    /// Keep the hosts of a remote farm in Promgen from now on.
    Convert {
        /// Farm.
        #[arg(required_unless_present = "id", conflicts_with = "id")]
        name: Option<String>,
        /// Its id, where several farms have the name.
        #[arg(long)]
        id: Option<i32>,
    },
    /// The farms that a source offers.
    Offers {
        /// Source; promgen stands for the local farms.
        source: String,
        /// How to print.
        #[arg(long, default_value = "table")]
        format: Format,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct FarmRefresh {
    /// Farms.
    #[arg(required_unless_present_any = ["ids", "all"], value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// A farm by its id, where several have the name; may be repeated.
    #[arg(long = "id", value_name = "ID")]
    pub(crate) ids: Vec<i32>,
    /// All remote farms.
    #[arg(long, conflicts_with_all = ["names", "ids"])]
    pub(crate) all: bool,
    /// Ask the sources, say what would be done, and do nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How to print.
    #[arg(long, default_value = "table")]
    pub(crate) format: Format,
}
