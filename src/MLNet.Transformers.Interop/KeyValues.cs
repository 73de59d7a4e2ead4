using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;
using Kinds = Microsoft.ML.Data.AnnotationUtils.Kinds;

namespace MLNet.Transformers.Interop;

/// <summary>What the numbers of a key column stand for, of whatever type: kept to annotate predictions, and saved with the model.</summary>
internal abstract class KeyValues
{
    private KeyValues(VectorDataViewType type) => Type = type;

    /// <summary>The values as text, in the order of the keys; numbers and dates in invariant form.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    public int Count => Type.Size;

    private VectorDataViewType Type { get; }

    /// <summary>The values of a column's keys; null where the column is not annotated with them.</summary>
    public static KeyValues? Of(DataViewSchema.Column column)
    {
        DataViewSchema.Column? annotation = column.Annotations.Schema.GetColumnOrNull(Kinds.KeyValues);
        return annotation is { Type: VectorDataViewType { Size: > 0 } type } ? ForType(type).Read(column.Annotations, annotation.Value) : null;
    }

    /// <summary>The values of a column's keys, or of a vector's; numbered where it is not annotated with them.</summary>
    public static IReadOnlyList<string> NamesOf(DataViewSchema.Column column, KeyDataViewType type) => Of(column)?.Names ?? Numbered((int)type.Count);

    /// <summary>What keys are called that are only numbered, as the reference calls such classes.</summary>
    public static IReadOnlyList<string> Numbered(int count) => [.. Enumerable.Range(0, count).Select(number => $"LABEL_{number}")];

    public static KeyValues FromText(IReadOnlyList<string> names) => new Typed<ReadOnlyMemory<char>>(
        new VectorDataViewType(TextDataViewType.Instance, names.Count),
        new VBuffer<ReadOnlyMemory<char>>(names.Count, [.. names.Select(name => name.AsMemory())]));

    public static KeyValues Load(IHostEnvironment env, Stream stream)
    {
        if (!new BinarySaver(env, new BinarySaver.Arguments()).TryLoadTypeAndValue(stream, out DataViewType type, out object value))
        {
            throw env.ExceptDecode("The model file holds key values of a type that this version of ML.NET does not know.");
        }
        return ForType((VectorDataViewType)type).FromValue(value);
    }

    public void AddTo(DataViewSchema.Annotations.Builder annotations, string kind) => annotations.Add(kind, Type, Getter);

    public abstract void Save(IHost host, Stream stream);

    private protected abstract Delegate Getter { get; }

    private static IFactory ForType(VectorDataViewType type) =>
        (IFactory)Activator.CreateInstance(typeof(Factory<>).MakeGenericType(type.ItemType.RawType), type)!;

    private interface IFactory
    {
        KeyValues Read(DataViewSchema.Annotations annotations, DataViewSchema.Column column);

        KeyValues FromValue(object value);
    }

    private sealed class Factory<T>(VectorDataViewType type) : IFactory
    {
        public KeyValues Read(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
        {
            VBuffer<T> values = default;
            annotations.GetGetter<VBuffer<T>>(column)(ref values);
            return new Typed<T>(type, values);
        }

        public KeyValues FromValue(object value) => new Typed<T>(type, (VBuffer<T>)value);
    }

    private sealed class Typed<T>(VectorDataViewType type, VBuffer<T> values) : KeyValues(type)
    {
        public override IReadOnlyList<string> Names { get; } = [.. values.DenseValues().Select(Name)];

        private protected override Delegate Getter => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => values.CopyTo(ref value));

        public override void Save(IHost host, Stream stream)
        {
            VBuffer<T> copy = values;
            if (!new BinarySaver(host, new BinarySaver.Arguments()).TryWriteTypeAndValue<VBuffer<T>>(stream, Type, ref copy, out _))
            {
                throw host.Except($"Key values of the type {Type.ItemType} cannot be saved.");
            }
        }

        private static string Name(T value) => value is IFormattable formattable
            ? formattable.ToString(null, CultureInfo.InvariantCulture)
            : value?.ToString() ?? "";
    }
}
