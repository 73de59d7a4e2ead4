using Microsoft.ML;

namespace MLNet.Transformers.Interop;

/// <summary>The check of a getter's type, which ML.NET leaves to each row and cursor.</summary>
internal static class Getters
{
    public static ValueGetter<TValue> Cast<TValue>(Delegate? getter, DataViewSchema.Column column) => getter switch
    {
        ValueGetter<TValue> typed => typed,
        null => throw new InvalidOperationException($"The column '{column.Name}' was not asked for when the cursor was made."),
        _ => throw new InvalidOperationException($"The column '{column.Name}' holds {column.Type}; it cannot be read as {typeof(TValue)}."),
    };
}
