using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.TextToText;

/// <summary>Values of columns as T5's tasks write them.</summary>
internal static class ColumnText
{
    // From here on a double has no decimals.
    private const double Whole = 1e15;

    private const string Texts = "String, a vector of String, keys, or Single";

    // Stands for an item of a vector that is missing, and for the blanks within one.
    internal const string Filler = "_";

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has a type that is not written.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, IHost host, string role, string name)
    {
        schema.Require(host, role, name, Texts, IsWritten);
        return schema[name];
    }

    /// <inheritdoc cref="Find"/>
    public static void Require(SchemaShape shape, IHost host, string role, string name) => shape.Require(host, role, name, Texts, IsWritten);

    /// <summary>
    /// A function that reads the text of the current row; what is missing is empty. The items of a vector are separated by blanks, each in its place: one that is missing
    /// is written as '_', and so are blanks within one.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="column">A column as <see cref="Find"/> takes it.</param>
    /// <param name="step">What numbers are rounded to.</param>
    public static Func<string> Reader(DataViewRow row, DataViewSchema.Column column, double step) => (column.Type, ItemType(column)) switch
    {
        (VectorDataViewType, TextDataViewType) => Joined<ReadOnlyMemory<char>>(row, column, static text => text.ToString()),
        (VectorDataViewType, _) => Keys(row, column),
        (_, TextDataViewType) => Scalar<ReadOnlyMemory<char>>(row, column, static text => text.ToString()),
        (KeyDataViewType, _) => Key(row, column),
        _ => Scalar<float>(row, column, number => float.IsFinite(number) ? Rounded(number, step) : ""),
    };

    /// <summary>A number as text, rounded to a step and with as many decimals as it has.</summary>
    public static string Rounded(double number, double step)
    {
        // As a decimal, since a small double writes itself with an exponent.
        int decimals = step < Whole && ((decimal)step).ToString(CultureInfo.InvariantCulture).Split('.') is [_, var behind] ? behind.Length : 0;
        return (Math.Round(number / step) * step).ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    private static bool IsWritten(SchemaShape.Column column) => column.ItemType is TextDataViewType || column.IsKey
        || (column.ItemType == NumberDataViewType.Single && column.Kind == SchemaShape.Column.VectorKind.Scalar);

    private static string Joined(IEnumerable<string> items) => string.Join(' ', items.Select(item =>
        item.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } parts ? string.Join(Filler, parts) : Filler));

    private static DataViewType ItemType(DataViewSchema.Column column) => (column.Type as VectorDataViewType)?.ItemType ?? column.Type;

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> text)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            return text(value);
        };
    }

    private static Func<string> Joined<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> text)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            get(ref values);
            return Joined(values.DenseValues().Select(text));
        };
    }

    private static Func<string> Key(DataViewRow row, DataViewSchema.Column column)
    {
        IReadOnlyList<string>? names = KeyValues.Of(column)?.Names;
        ValueGetter<ulong> get = row.KeyGetter(column);
        ulong key = 0;
        return () =>
        {
            get(ref key);
            return Name(key, names);
        };
    }

    private static Func<string> Keys(DataViewRow row, DataViewSchema.Column column)
    {
        IReadOnlyList<string>? names = KeyValues.Of(column)?.Names;
        ValueGetter<ulong[]> get = row.KeysGetter(column);
        ulong[] keys = [];
        return () =>
        {
            get(ref keys);
            return Joined(keys.Select(key => Name(key, names)));
        };
    }

    private static string Name(ulong key, IReadOnlyList<string>? names) =>
        key == 0 ? "" : names?[(int)key - 1] ?? key.ToString(CultureInfo.InvariantCulture);
}
