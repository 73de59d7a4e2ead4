using Microsoft.ML;

namespace MLNet.Transformers.Interop;

/// <summary>Key columns, which ML.NET stores in the smallest unsigned type that a user asks for.</summary>
internal static class KeyColumns
{
    /// <summary>A getter of a key of any width as a number from 1; 0: missing.</summary>
    public static ValueGetter<ulong> KeyGetter(this DataViewRow row, DataViewSchema.Column column)
    {
        Type type = column.Type.RawType;
        return type == typeof(uint) ? Widen<uint>(value => value)
            : type == typeof(byte) ? Widen<byte>(value => value)
            : type == typeof(ushort) ? Widen<ushort>(value => value)
            : row.GetGetter<ulong>(column);

        ValueGetter<ulong> Widen<T>(Func<T, ulong> widen)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default!;
            return (ref ulong wide) =>
            {
                getter(ref value);
                wide = widen(value);
            };
        }
    }
}
