using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Interop;

/// <summary>The values of one column that passes through, for the rows of a window.</summary>
internal abstract class ColumnBuffer
{
    private static readonly MethodInfo _scalar = typeof(ColumnBuffer).GetMethod(nameof(Scalar), BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly MethodInfo _vector = typeof(ColumnBuffer).GetMethod(nameof(Vector), BindingFlags.Static | BindingFlags.NonPublic)!;

    public static ColumnBuffer Create(DataViewRow row, DataViewSchema.Column column, int rows)
    {
        MethodInfo create = column.Type is VectorDataViewType vector
            ? _vector.MakeGenericMethod(vector.ItemType.RawType)
            : _scalar.MakeGenericMethod(column.Type.RawType);
        return (ColumnBuffer)create.Invoke(null, [row, column, rows])!;
    }

    /// <summary>Reads the upstream row's value into a slot.</summary>
    /// <returns>Bytes that the value takes, without what it points to.</returns>
    public abstract long Read(int slot);

    /// <summary>A getter of the current slot's value.</summary>
    public abstract Delegate Getter(Func<int> slot);

    private static ColumnBuffer Scalar<T>(DataViewRow row, DataViewSchema.Column column, int rows) =>
        new ScalarBuffer<T>(row.GetGetter<T>(column), rows);

    private static ColumnBuffer Vector<T>(DataViewRow row, DataViewSchema.Column column, int rows) =>
        new VectorBuffer<T>(row.GetGetter<VBuffer<T>>(column), rows);

    private sealed class ScalarBuffer<T>(ValueGetter<T> read, int rows) : ColumnBuffer
    {
        private readonly T[] _values = new T[rows];

        // Into a fresh value: a source may dispose what it is given, an image of an earlier row, which a reader may still hold.
        public override long Read(int slot)
        {
            T value = default!;
            read(ref value);
            _values[slot] = value;
            return Unsafe.SizeOf<T>();
        }

        public override Delegate Getter(Func<int> slot) => (ValueGetter<T>)((ref T value) => value = _values[slot()]);
    }

    private sealed class VectorBuffer<T>(ValueGetter<VBuffer<T>> read, int rows) : ColumnBuffer
    {
        private readonly VBuffer<T>[] _values = new VBuffer<T>[rows];

        public override long Read(int slot)
        {
            read(ref _values[slot]);
            return (long)_values[slot].GetValues().Length * Unsafe.SizeOf<T>();
        }

        // A copy: the caller may write into what it is given.
        public override Delegate Getter(Func<int> slot) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[slot()].CopyTo(ref value));
    }
}
