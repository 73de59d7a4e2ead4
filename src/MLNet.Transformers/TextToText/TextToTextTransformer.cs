using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.TextToText;

namespace MLNet.Transformers;

/// <summary>Turns a task's columns into a source and a target, or a written text into a task's columns. Made by <see cref="TextToTextEstimator"/>.</summary>
public sealed class TextToTextTransformer : RowTransformer, ILoadable
{
    private const string ConversionEntry = "conversion.json";
    private const string KeysEntry = "keys.bin";
    private const int RowsAtOnce = 64;

    private readonly TextConversion _conversion;
    private readonly KeyValues? _keys;

    internal TextToTextTransformer(IHost host, TextConversion conversion, KeyValues? keys)
        : base(host, RowsAtOnce, new Nothing()) => (_conversion, _keys) = (conversion, keys);

    static RowTransformer ILoadable.Load(IHostEnvironment env, ModelReader reader)
    {
        IHost host = env.Register(nameof(TextToTextTransformer));
        KeyValues? keys = reader.Values.ReadBoolean() ? KeyValues.Load(host, new MemoryStream(reader.ReadBytes(KeysEntry))) : null;
        return new TextToTextTransformer(
            host, JsonSerializer.Deserialize<TextConversion>(reader.ReadBytes(ConversionEntry)) ?? throw reader.Damaged($"The entry '{ConversionEntry}' of the model file is empty."), keys);
    }

    internal override void Save(ModelWriter writer)
    {
        writer.Values.Write(_keys is not null);
        writer.WriteStream(ConversionEntry, stream => JsonSerializer.Serialize(stream, _conversion));
        if (_keys is not null)
        {
            writer.WriteStream(KeysEntry, stream => _keys.Save(Host, stream));
        }
    }

    internal override ColumnBinding Bind(DataViewSchema input) => _conversion.Bind(input, _keys, Host);

    internal override RowBatch CreateBatch(ColumnBinding binding, int capacity) => _conversion.Batch(binding, _keys, capacity);

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
