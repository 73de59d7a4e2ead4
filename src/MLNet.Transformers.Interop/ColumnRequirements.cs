using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>Checks of input columns; an error names the column, its role, what was found and what was expected.</summary>
internal static class ColumnRequirements
{
    private const string Text = "String";
    private const string Key = "Key";

    public static void RequireText(this SchemaShape shape, IExceptionContext context, string role, string name)
    {
        SchemaShape.Column column = Find(shape, context, role, name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType is not TextDataViewType)
        {
            throw context.ExceptSchemaMismatch("inputSchema", role, name, Text, column.GetTypeString());
        }
    }

    public static SchemaShape.Column RequireKey(this SchemaShape shape, IExceptionContext context, string role, string name)
    {
        SchemaShape.Column column = Find(shape, context, role, name);
        return column.IsKey && column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? column
            : throw context.ExceptSchemaMismatch(
                "inputSchema", role, name, $"{Key} (as MapValueToKey makes it)", column.GetTypeString());
    }

    public static DataViewSchema.Column RequireText(this DataViewSchema schema, IExceptionContext context, string role, string name)
    {
        DataViewSchema.Column column = Find(schema, context, role, name);
        return column.Type is TextDataViewType
            ? column
            : throw context.ExceptSchemaMismatch("inputSchema", role, name, Text, column.Type.ToString());
    }

    public static DataViewSchema.Column RequireKey(this DataViewSchema schema, IExceptionContext context, string role, string name)
    {
        DataViewSchema.Column column = Find(schema, context, role, name);
        return column.Type is KeyDataViewType
            ? column
            : throw context.ExceptSchemaMismatch("inputSchema", role, name, $"{Key} (as MapValueToKey makes it)", column.Type.ToString());
    }

    private static SchemaShape.Column Find(SchemaShape shape, IExceptionContext context, string role, string name) =>
        shape.TryFindColumn(name, out SchemaShape.Column column) ? column : throw context.ExceptSchemaMismatch("inputSchema", role, name);

    private static DataViewSchema.Column Find(DataViewSchema schema, IExceptionContext context, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw context.ExceptSchemaMismatch("inputSchema", role, name);
}
