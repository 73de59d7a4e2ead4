using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;

namespace MLNet.Transformers.Training;

/// <summary>The rows that a network is trained on and those that it is judged by, each as its features.</summary>
/// <param name="Training">At least one row.</param>
/// <param name="Validation">Empty where nothing is judged.</param>
internal sealed record TrainingRows<TFeature>(IReadOnlyList<TFeature[]> Training, IReadOnlyList<TFeature[]> Validation)
    where TFeature : IFeature;

/// <summary>Splits rows into those that teach and those that judge.</summary>
internal static class TrainingRows
{
    /// <summary>The training rows, and the validation set or the share of the rows that the seed holds out.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="newReader">Makes a reader, one for each pass: what it reports is that of its pass.</param>
    /// <param name="options">Which rows judge.</param>
    /// <param name="seed">Decides which are held out.</param>
    /// <param name="host">Log and cancellation.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column of the validation set is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row is usable, or none would be held out.</exception>
    public static TrainingRows<TFeature> Read<TRow, TFeature>(
        IDataView input, Func<IRowReader<TRow, TFeature>> newReader, TrainingOptions options, int seed, IHost host)
        where TFeature : IFeature
    {
        IRowReader<TRow, TFeature> reader = newReader();
        CheckValidationSet(reader, options, host);
        TFeature[][] rows = [.. RowFeatures.Read(input, reader, "training", host)];
        if (rows.Length == 0)
        {
            throw NoTrainingRow(reader.SkippedBecause);
        }
        if (options.ValidationSet is { } set)
        {
            TFeature[][] validation = [.. RowFeatures.Read(set, newReader(), "validation", host)];
            return validation.Length > 0
                ? new TrainingRows<TFeature>(rows, validation)
                : throw NoValidationRow(reader.SkippedBecause);
        }
        (IReadOnlyList<TFeature[]> kept, IReadOnlyList<TFeature[]> heldOut) = Selection<TFeature[]>.Split(rows, options, seed);
        return new TrainingRows<TFeature>(kept, heldOut);
    }

    /// <summary>Refuses a validation set without the columns, before a training row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public static void CheckValidationSet<TRow, TFeature>(IRowReader<TRow, TFeature> reader, TrainingOptions options, IHost host)
        where TFeature : IFeature
    {
        if (options.ValidationSet is { } set)
        {
            ValidationColumns.Of(set, schema => reader.Find(schema, host));
        }
    }

    /// <summary>An error about training rows of which none can be used.</summary>
    public static InvalidOperationException NoTrainingRow(string skippedBecause) => new($"No training row is usable: there is no row, or all {skippedBecause}.");

    /// <summary>An error about a validation set of which nothing can be used.</summary>
    public static InvalidOperationException NoValidationRow(string skippedBecause) =>
        new($"{nameof(TrainingOptions.ValidationSet)} has no usable row: there is no row, or all {skippedBecause}.");
}
