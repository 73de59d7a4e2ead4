using Microsoft.ML;

namespace MLNet.Transformers.Training;

/// <summary>Columns of <see cref="TrainingOptions.ValidationSet"/>: what is wrong with them is said of it, and not of the training rows.</summary>
internal static class ValidationColumns
{
    /// <summary>Finds columns in the schema of a validation set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is missing or has the wrong type.</exception>
    public static T Of<T>(IDataView set, Func<DataViewSchema, T> find)
    {
        try
        {
            return find(set.Schema);
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw Wrong(nameof(TrainingOptions.ValidationSet), error.Message.Replace($" (Parameter '{error.ParamName}')", "", StringComparison.Ordinal));
        }
    }

    private static ArgumentOutOfRangeException Wrong(string option, string why) => new(option, $"{option}: {why}");
}
