using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Interop;

/// <summary>Key columns, which ML.NET stores in the smallest unsigned type that a user asks for.</summary>
internal static class KeyColumns
{
    /// <summary>How many keys there are in the type of a column of keys, or of vectors of them.</summary>
    public static ulong KeyCount(this DataViewSchema.Column column) => ((KeyDataViewType)((column.Type as VectorDataViewType)?.ItemType ?? column.Type)).Count;

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

    /// <summary>A getter of a vector of keys of any width, each as in <see cref="KeyGetter"/>.</summary>
    public static ValueGetter<ulong[]> KeysGetter(this DataViewRow row, DataViewSchema.Column column)
    {
        Type type = ((VectorDataViewType)column.Type).ItemType.RawType;
        return type == typeof(uint) ? Widen<uint>(value => value)
            : type == typeof(byte) ? Widen<byte>(value => value)
            : type == typeof(ushort) ? Widen<ushort>(value => value)
            : Widen<ulong>(value => value);

        ValueGetter<ulong[]> Widen<T>(Func<T, ulong> widen)
        {
            ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
            VBuffer<T> values = default;
            return (ref ulong[] wide) =>
            {
                getter(ref values);
                wide = [.. values.DenseValues().Select(widen)];
            };
        }
    }
}
