using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>Columns that hold one value or a vector of them: both are read as a list.</summary>
internal static class ListColumns
{
    private const string Texts = "String, or Vector of String";
    private const string Integers = "Int32, Int64 or Single, or a Vector of them";

    public static void RequireTexts(this SchemaShape shape, IExceptionContext context, string role, string name) =>
        shape.Require(context, role, name, Texts, static column => column.ItemType is TextDataViewType);

    public static DataViewSchema.Column RequireTexts(this DataViewSchema schema, IExceptionContext context, string role, string name)
    {
        schema.Require(context, role, name, Texts, static column => column.ItemType is TextDataViewType);
        return schema[name];
    }

    public static void RequireIntegers(this SchemaShape shape, IExceptionContext context, string role, string name) =>
        shape.Require(context, role, name, Integers, IsInteger);

    public static DataViewSchema.Column RequireIntegers(this DataViewSchema schema, IExceptionContext context, string role, string name)
    {
        schema.Require(context, role, name, Integers, IsInteger);
        return schema[name];
    }

    /// <summary>A function that reads the current row's texts.</summary>
    public static Func<string[]> TextsGetter(this DataViewRow row, DataViewSchema.Column column) =>
        Getter<ReadOnlyMemory<char>, string>(row, column, static text => text.ToString());

    /// <summary>A function that reads the current row's whole numbers; one that is missing, or that an int cannot hold, is the least int.</summary>
    public static Func<int[]> IntegersGetter(this DataViewRow row, DataViewSchema.Column column)
    {
        Type type = ((column.Type as VectorDataViewType)?.ItemType ?? column.Type).RawType;
        return type == typeof(int) ? Getter<int, int>(row, column, static value => value)
            : type == typeof(long) ? Getter<long, int>(row, column, static value => value is >= int.MinValue and <= int.MaxValue ? (int)value : int.MinValue)
            : Getter<float, int>(row, column, static value => float.IsInteger(value) && value is >= int.MinValue and < int.MaxValue ? (int)value : int.MinValue);
    }

    private static bool IsInteger(SchemaShape.Column column) =>
        !column.IsKey && (column.ItemType == NumberDataViewType.Int32 || column.ItemType == NumberDataViewType.Int64 || column.ItemType == NumberDataViewType.Single);

    private static Func<TTo[]> Getter<TFrom, TTo>(DataViewRow row, DataViewSchema.Column column, Converter<TFrom, TTo> convert)
    {
        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<TFrom>> get = row.GetGetter<VBuffer<TFrom>>(column);
            VBuffer<TFrom> values = default;
            return () =>
            {
                get(ref values);
                return Array.ConvertAll(values.DenseValues().ToArray(), convert);
            };
        }
        ValueGetter<TFrom> getOne = row.GetGetter<TFrom>(column);
        TFrom value = default!;
        return () =>
        {
            getOne(ref value);
            return [convert(value)];
        };
    }
}
