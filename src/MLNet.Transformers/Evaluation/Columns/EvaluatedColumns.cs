using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Evaluation;

/// <summary>Columns as what is judged: texts or the values of keys, numbers, labels.</summary>
internal sealed class EvaluatedColumns(DataViewSchema schema, IExceptionContext context)
{
    /// <summary>A text, a yes or no, or what a key stands for; null: missing.</summary>
    public EvaluatedColumn<string?> Name(string role, string name)
    {
        schema.Require(context, role, name, "String, Boolean or Key", static column => column.Kind == SchemaShape.Column.VectorKind.Scalar
            && (column.IsKey || column.ItemType is TextDataViewType or BooleanDataViewType));
        DataViewSchema.Column column = schema[name];
        return new(column, row => column.Type switch
        {
            KeyDataViewType => Read<ulong, string?>(row.KeyGetter(column), KeyNames(column)),
            BooleanDataViewType => Read<bool, string?>(row.GetGetter<bool>(column), static value => value ? "true" : "false"),
            _ => Read<ReadOnlyMemory<char>, string?>(row.GetGetter<ReadOnlyMemory<char>>(column), static value => value.Length == 0 ? null : value.ToString()),
        });
    }

    /// <summary>Texts, or what keys stand for; of a single one a list of it.</summary>
    /// <param name="role">What the column is for.</param>
    /// <param name="name">Its name.</param>
    /// <param name="missing">What a key that is missing stands for.</param>
    public EvaluatedColumn<string[]> Names(string role, string name, string missing)
    {
        schema.Require(context, role, name, "Vector of String or of Key", static column => column.IsKey || column.ItemType is TextDataViewType);
        DataViewSchema.Column column = schema[name];
        return new(column, row => column.Type switch
        {
            VectorDataViewType { ItemType: KeyDataViewType } => Read<ulong[], string[]>(row.KeysGetter(column), keys => Array.ConvertAll(keys, KeyNames(column, missing))),
            VectorDataViewType => Read<VBuffer<ReadOnlyMemory<char>>, string[]>(
                row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column), static values => [.. values.DenseValues().Select(value => value.ToString())]),
            KeyDataViewType => Read<ulong, string[]>(row.KeyGetter(column), key => [KeyNames(column, missing)(key)]),
            _ => Read<ReadOnlyMemory<char>, string[]>(row.GetGetter<ReadOnlyMemory<char>>(column), static value => [value.ToString()]),
        });
    }

    public EvaluatedColumn<string> Text(string role, string name)
    {
        DataViewSchema.Column column = schema.RequireText(context, role, name);
        return new(column, row => Read(row.GetGetter<ReadOnlyMemory<char>>(column), static value => value.ToString()));
    }

    public EvaluatedColumn<int[]> Integers(string role, string name)
    {
        DataViewSchema.Column column = schema.RequireIntegers(context, role, name);
        return new(column, row => row.IntegersGetter(column));
    }

    public EvaluatedColumn<double> Number(string role, string name)
    {
        schema.Require(context, role, name, "Single or Double", static column => column.Kind == SchemaShape.Column.VectorKind.Scalar && !column.IsKey
            && (column.ItemType == NumberDataViewType.Single || column.ItemType == NumberDataViewType.Double));
        DataViewSchema.Column column = schema[name];
        return new(column, row => column.Type == NumberDataViewType.Single
            ? Read<float, double>(row.GetGetter<float>(column), static value => value)
            : Read<double, double>(row.GetGetter<double>(column), static value => value));
    }

    public EvaluatedColumn<float[]> Scores(string role, string name)
    {
        schema.Require(context, role, name, "Vector of Single", static column => column.Kind != SchemaShape.Column.VectorKind.Scalar
            && column.ItemType == NumberDataViewType.Single);
        DataViewSchema.Column column = schema[name];
        return new(column, row => Read<VBuffer<float>, float[]>(row.GetGetter<VBuffer<float>>(column), static values => [.. values.DenseValues()]));
    }

    /// <summary>Which labels a row has: a yes or no for each, a number that is at least a half, or the keys of those that it has.</summary>
    public EvaluatedColumn<bool[]> Labels(string role, string name)
    {
        schema.Require(context, role, name, "Vector of Boolean, of Single or of Key", static column => column.Kind != SchemaShape.Column.VectorKind.Scalar
            && (column.IsKey || column.ItemType is BooleanDataViewType || column.ItemType == NumberDataViewType.Single));
        DataViewSchema.Column column = schema[name];
        return new(column, row => ((VectorDataViewType)column.Type).ItemType switch
        {
            KeyDataViewType keys => Read<ulong[], bool[]>(row.KeysGetter(column), found => [.. Enumerable.Range(1, (int)keys.Count).Select(key => found.Contains((ulong)key))]),
            BooleanDataViewType => Read<VBuffer<bool>, bool[]>(row.GetGetter<VBuffer<bool>>(column), static values => [.. values.DenseValues()]),
            _ => Read<VBuffer<float>, bool[]>(row.GetGetter<VBuffer<float>>(column), static values => [.. values.DenseValues().Select(value => value >= 0.5f)]),
        });
    }

    private static Func<TTo> Read<TFrom, TTo>(ValueGetter<TFrom> getter, Func<TFrom, TTo> convert)
    {
        TFrom value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }

    private static Func<ulong, string?> KeyNames(DataViewSchema.Column column)
    {
        IReadOnlyList<string>? names = KeyValues.Of(column)?.Names;
        return key => key == 0 ? null : names?[(int)key - 1] ?? key.ToString(CultureInfo.InvariantCulture);
    }

    private static Converter<ulong, string> KeyNames(DataViewSchema.Column column, string missing)
    {
        Func<ulong, string?> name = KeyNames(column);
        return key => name(key) ?? missing;
    }
}
