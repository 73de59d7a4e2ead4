using System.Reflection;
using Microsoft.ML;

namespace MLNet.Transformers.Tests.Interop;

internal static class Shapes
{
    private static readonly MethodInfo _create = typeof(SchemaShape).GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;

    /// <summary>The shape of a schema, as ML.NET makes it to check a pipeline against its data.</summary>
    public static SchemaShape Of(DataViewSchema schema) => (SchemaShape)_create.Invoke(null, [schema])!;
}
