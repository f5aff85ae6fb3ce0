//! A registry as JSON.

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use super::{Entry, Field, Key, Registered, Registry};

impl<T: ?Sized + Registered> Registry<T> {
    /// Returns the registry as JSON, in order:
    ///
    /// ```json
    /// {"registry": "dyn app::Codec", "args": "level: u32", "entries": [{
    ///   "name": "gzip", "aliases": ["gz"], "deprecated_aliases": [], "priority": 0, "singleton": false,
    ///   "docs": "Deflate.", "tags": {"kind": "lossless"},
    ///   "fields": [{"name": "level", "type": "u32", "docs": "", "attributes": {"min": "0"}}],
    ///   "type": "app::Gzip", "module": "app", "file": "src/main.rs", "line": 7, "package": "app", "version": "0.1.0"
    /// }]}
    /// ```
    ///
    /// `package` and `version` are `null` if cargo does not build the type. Keys of types other than `str` are written
    /// in their `Debug` form. Fields may be added; none will be renamed without a new major version.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl<T: ?Sized + Registered> Serialize for Registry<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Registry", 3)?;
        fields.serialize_field("registry", std::any::type_name::<T>())?;
        fields.serialize_field("args", T::ARGS)?;
        fields.serialize_field("entries", &self.iter().collect::<Vec<_>>())?;
        fields.end()
    }
}

impl<T: ?Sized + Registered> Serialize for Entry<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = |keys: &[&'static T::Key]| keys.iter().map(|key| key.text()).collect::<Vec<_>>();
        let mut fields = serializer.serialize_struct("Entry", 14)?;
        fields.serialize_field("name", &self.name().text())?;
        fields.serialize_field("aliases", &texts(self.aliases()))?;
        fields.serialize_field("deprecated_aliases", &texts(self.deprecated_aliases()))?;
        fields.serialize_field("priority", &self.priority())?;
        fields.serialize_field("singleton", &self.is_singleton())?;
        fields.serialize_field("docs", self.docs())?;
        fields.serialize_field("tags", &Pairs(self.tags()))?;
        fields.serialize_field("fields", self.fields())?;
        fields.serialize_field("type", self.type_name())?;
        fields.serialize_field("module", self.module())?;
        fields.serialize_field("file", self.file())?;
        fields.serialize_field("line", &self.line())?;
        fields.serialize_field("package", &self.package())?;
        fields.serialize_field("version", &self.version())?;
        fields.end()
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Field", 4)?;
        fields.serialize_field("name", self.name)?;
        fields.serialize_field("type", self.type_name)?;
        fields.serialize_field("docs", self.docs)?;
        fields.serialize_field("attributes", &Pairs(self.attributes))?;
        fields.end()
    }
}

struct Pairs(&'static [(&'static str, &'static str)]);

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
