using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using static System.FormattableString;

namespace MLNet.Transformers.Training;

/// <summary>
/// The classes of a label column, of keys or of other labels. They are those of the column's type, not the labels seen: a class without rows can be
/// predicted and evaluated all the same.
/// </summary>
internal sealed class LabelKeys
{
    private readonly string _column;

    private LabelKeys(string column, IReadOnlyList<string> names, KeyValues? keys, bool hasAddedOutside = false) =>
        (_column, Names, Keys, HasAddedOutside) = (column, names, keys, hasAddedOutside);

    /// <summary>The classes' names; numbered where the keys have none.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What the keys stand for; null: they are only numbered.</summary>
    public KeyValues? Keys { get; }

    /// <summary>Whether the last class is none of the keys, and stands for a missing one.</summary>
    public bool HasAddedOutside { get; }

    /// <summary>The values of a column of keys, or of vectors of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or holds no keys, in the training rows or in the validation set.</exception>
    /// <exception cref="InvalidOperationException">There are fewer than two classes, or the validation set numbers them otherwise.</exception>
    public static LabelKeys Of(DataViewSchema schema, string name, IDataView? validationSet, IHost host) =>
        Of(
            schema.RequireKeys(host, "label", name),
            validationSet is null ? null : ValidationColumns.Of(validationSet, found => found.RequireKeys(host, "label", name)));

    /// <inheritdoc cref="Of(DataViewSchema, string, IDataView?, IHost)"/>
    public static LabelKeys Of(DataViewSchema.Column column, DataViewSchema.Column? validation)
    {
        KeyValues? keys = KeyValues.Of(column);
        IReadOnlyList<string> names = NamesOf(column);
        if (validation is { } other && !NamesOf(other).SequenceEqual(names))
        {
            throw new InvalidOperationException(
                $"The key values of the column '{column.Name}' of {nameof(TrainingOptions.ValidationSet)} are not those of the training rows. Map both with one fitted MapValueToKey.");
        }
        return Several(column.Name, names, keys);

        static IReadOnlyList<string> NamesOf(DataViewSchema.Column column) => KeyValues.Of(column)?.Names ?? KeyValues.Numbered((int)column.KeyCount());
    }

    /// <summary>The texts of a column of text.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two.</exception>
    public static LabelKeys OfTexts(string column, IReadOnlyList<string> texts) => Several(column, texts, KeyValues.FromText(texts));

    /// <summary>These classes and another one, which a missing key stands for.</summary>
    public LabelKeys WithOutside(string name) => new(_column, [.. Names, name], Keys, hasAddedOutside: true);

    /// <summary>The slots of a column of vectors, by their names where they have some.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two, or the validation set has others.</exception>
    public static LabelKeys OfSlots(DataViewSchema.Column column, DataViewSchema.Column? validation)
    {
        IReadOnlyList<string> names = Names(column);
        return validation is not { } other || names.SequenceEqual(Names(other))
            ? Several(column.Name, names, keys: null)
            : throw new InvalidOperationException(
                $"The column '{column.Name}' of {nameof(TrainingOptions.ValidationSet)} is {other.Type}, and its slots are not those of the training rows, which are {column.Type}.");

        static IReadOnlyList<string> Names(DataViewSchema.Column column) => SlotNames.Of(column) ?? KeyValues.Numbered(((VectorDataViewType)column.Type).Size);
    }

    /// <summary>Classes that are given by the type of their column.</summary>
    public static LabelKeys Of(string column, IReadOnlyList<string> names) => new(column, names, keys: null);

    /// <summary>A weight for each class, in their order; null where none is given.</summary>
    /// <exception cref="ArgumentException">A label is named that the column does not have.</exception>
    public float[]? Weights(IReadOnlyDictionary<string, double>? given, string option)
    {
        if (given is null)
        {
            return null;
        }
        if (given.Keys.FirstOrDefault(label => !Names.Contains(label)) is { } unknown)
        {
            throw new ArgumentException(
                $"{option} names the label '{unknown}', which the column '{_column}' does not have; it has {string.Join(", ", Names.Select(name => $"'{name}'"))}.");
        }
        return [.. Names.Select(name => (float)given.GetValueOrDefault(name, 1))];
    }

    /// <exception cref="InvalidOperationException">All rows have one label.</exception>
    public void RequireTwo(IEnumerable<int> labels, string what = "usable training rows")
    {
        int[] seen = [.. labels.Distinct().Take(2)];
        if (seen.Length == 1)
        {
            throw new InvalidOperationException(
                Invariant($"All {labels.Count():N0} {what} have the label '{Names[seen[0]]}' in the column '{_column}'; classification needs at least two classes."));
        }
    }

    private static LabelKeys Several(string column, IReadOnlyList<string> names, KeyValues? keys) => names.Count > 1
        ? new LabelKeys(column, names, keys)
        : throw new InvalidOperationException($"The label column '{column}' has {names.Count} class{(names is [var only] ? $", '{only}'" : "es")}; classification needs at least two.");
}
