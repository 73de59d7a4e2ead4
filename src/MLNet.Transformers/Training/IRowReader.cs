using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;

namespace MLNet.Transformers.Training;

/// <summary>Reads a value of the row that a cursor stands at.</summary>
/// <returns>False where the row lacks what is to be learnt, and is skipped.</returns>
internal delegate bool RowGetter<TRow>(out TRow row);

/// <summary>What a task reads of the rows that it is trained on, in one pass.</summary>
/// <typeparam name="TRow">The values of a row.</typeparam>
/// <typeparam name="TFeature">What is learnt of it.</typeparam>
internal interface IRowReader<TRow, out TFeature>
    where TFeature : IFeature
{
    /// <summary>Why a row is skipped, as the log says it behind the number of rows: "have no label".</summary>
    string SkippedBecause { get; }

    /// <summary>A line for the log about the rows that were read, such as how many were cut; null: there is none.</summary>
    string? Report { get; }

    /// <summary>The columns to read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is missing or has the wrong type.</exception>
    IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IExceptionContext context);

    /// <summary>A function that reads the cursor's current row.</summary>
    RowGetter<TRow> Getter(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns);

    /// <summary>The features of a row, at least one. Called on several threads at once.</summary>
    TFeature[] Features(TRow row);
}
