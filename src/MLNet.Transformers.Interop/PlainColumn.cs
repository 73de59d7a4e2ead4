using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Interop;

/// <summary>A value that no evaluator of ML.NET looks for, such as a text.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Type">Its type.</param>
/// <param name="Read">The value of an answer.</param>
internal sealed record PlainColumn<TAnswer, TValue>(string Name, PrimitiveDataViewType Type, Func<TAnswer, TValue> Read) : OutputColumn<TAnswer>(Name)
{
    public override DataViewSchema.DetachedColumn Column(uint scoreSet) => new(Name, Type);

    public override SchemaShape.Column Shape(SchemaShape.Column? label) => new(Name, SchemaShape.Column.VectorKind.Scalar, Type, false);

    public override Delegate Getter(Func<TAnswer> answer) => (ValueGetter<TValue>)((ref TValue value) => value = Read(answer()));
}

/// <summary>Columns of plain texts and numbers.</summary>
internal static class PlainColumns
{
    public static OutputColumn<TAnswer> Text<TAnswer>(string name, Func<TAnswer, string> read) =>
        new PlainColumn<TAnswer, ReadOnlyMemory<char>>(name, TextDataViewType.Instance, answer => read(answer).AsMemory());

    public static OutputColumn<TAnswer> Texts<TAnswer>(string name, Func<TAnswer, IEnumerable<string>> read) =>
        new ListColumn<TAnswer, ReadOnlyMemory<char>>(name, TextDataViewType.Instance, answer => [.. read(answer).Select(text => text.AsMemory())]);

    public static OutputColumn<TAnswer> Int<TAnswer>(string name, Func<TAnswer, int> read) =>
        new PlainColumn<TAnswer, int>(name, NumberDataViewType.Int32, read);

    public static OutputColumn<TAnswer> Ints<TAnswer>(string name, Func<TAnswer, IEnumerable<int>> read) =>
        new ListColumn<TAnswer, int>(name, NumberDataViewType.Int32, answer => [.. read(answer)]);

    public static OutputColumn<TAnswer> Single<TAnswer>(string name, Func<TAnswer, float> read) =>
        new PlainColumn<TAnswer, float>(name, NumberDataViewType.Single, read);

    public static OutputColumn<TAnswer> Singles<TAnswer>(string name, Func<TAnswer, IEnumerable<float>> read) =>
        new ListColumn<TAnswer, float>(name, NumberDataViewType.Single, answer => [.. read(answer)]);
}
