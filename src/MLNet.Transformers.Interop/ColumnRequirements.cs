using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>Checks of input columns; an error names the column, its role, what was found and what was expected.</summary>
internal static class ColumnRequirements
{
    private const string Text = "String";
    private const string Key = "Key";
    private const string Words = "Vector of String";
    private const string Tags = "Vector of String, or of Key (as MapValueToKey makes it)";

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

    /// <summary>A column of any type.</summary>
    public static DataViewSchema.Column Require(this DataViewSchema schema, IExceptionContext context, string role, string name) =>
        Find(schema, context, role, name);

    /// <summary>A column of keys, or of vectors of them.</summary>
    public static DataViewSchema.Column RequireKeys(this DataViewSchema schema, IExceptionContext context, string role, string name)
    {
        DataViewSchema.Column column = Find(schema, context, role, name);
        return column.Type is KeyDataViewType or VectorDataViewType { ItemType: KeyDataViewType }
            ? column
            : throw context.ExceptSchemaMismatch("inputSchema", role, name, $"{Key} (as MapValueToKey makes it)", column.Type.ToString());
    }

    /// <summary>A column of one of several types.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="context">Makes the error.</param>
    /// <param name="role">What the column is for.</param>
    /// <param name="name">Its name.</param>
    /// <param name="expected">The types, for a message.</param>
    /// <param name="fits">Tells them.</param>
    public static SchemaShape.Column Require(
        this DataViewSchema schema, IExceptionContext context, string role, string name, string expected, Func<SchemaShape.Column, bool> fits)
    {
        DataViewSchema.Column column = Find(schema, context, role, name);
        return SchemaShape.Create(schema).TryFindColumn(name, out SchemaShape.Column shape) && fits(shape)
            ? shape
            : throw context.ExceptSchemaMismatch("inputSchema", role, name, expected, column.Type.ToString());
    }

    /// <inheritdoc cref="Require(DataViewSchema, IExceptionContext, string, string, string, Func{SchemaShape.Column, bool})"/>
    public static SchemaShape.Column Require(
        this SchemaShape shape, IExceptionContext context, string role, string name, string expected, Func<SchemaShape.Column, bool> fits)
    {
        SchemaShape.Column column = Find(shape, context, role, name);
        return fits(column) ? column : throw context.ExceptSchemaMismatch("inputSchema", role, name, expected, column.GetTypeString());
    }

    /// <summary>A vector of text.</summary>
    public static SchemaShape.Column RequireWords(this SchemaShape shape, IExceptionContext context, string role, string name) =>
        shape.Require(context, role, name, Words, AreWords);

    /// <inheritdoc cref="RequireWords(SchemaShape, IExceptionContext, string, string)"/>
    public static DataViewSchema.Column RequireWords(this DataViewSchema schema, IExceptionContext context, string role, string name)
    {
        schema.Require(context, role, name, Words, AreWords);
        return schema[name];
    }

    /// <summary>A vector of keys or of text.</summary>
    public static SchemaShape.Column RequireTags(this SchemaShape shape, IExceptionContext context, string role, string name) =>
        shape.Require(context, role, name, Tags, AreTags);

    /// <inheritdoc cref="RequireTags(SchemaShape, IExceptionContext, string, string)"/>
    public static DataViewSchema.Column RequireTags(this DataViewSchema schema, IExceptionContext context, string role, string name)
    {
        schema.Require(context, role, name, Tags, AreTags);
        return schema[name];
    }

    private static bool AreWords(SchemaShape.Column column) => column.Kind != SchemaShape.Column.VectorKind.Scalar && column.ItemType is TextDataViewType;

    private static bool AreTags(SchemaShape.Column column) => AreWords(column) || (column.Kind != SchemaShape.Column.VectorKind.Scalar && column.IsKey);

    private static SchemaShape.Column Find(SchemaShape shape, IExceptionContext context, string role, string name) =>
        shape.TryFindColumn(name, out SchemaShape.Column column) ? column : throw context.ExceptSchemaMismatch("inputSchema", role, name);

    private static DataViewSchema.Column Find(DataViewSchema schema, IExceptionContext context, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw context.ExceptSchemaMismatch("inputSchema", role, name);
}
