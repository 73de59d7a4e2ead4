using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Prediction;

/// <summary>A trained network with all that is saved beside it: what a transformer of any task owns.</summary>
/// <typeparam name="TSettings">What the task keeps of its options; saved as JSON.</typeparam>
internal sealed class FittedNetwork<TSettings> : IDisposable
    where TSettings : PredictionSettings
{
    private const string SettingsEntry = "settings.json";
    private const string KeysEntry = "keys.bin";

    private readonly IHost _host;
    private readonly SharedNetwork.Lease _network;

    // Of all engines: their rows and answers are of the task's types.
    private object? _gatherer;

    /// <param name="host">Log and cancellation.</param>
    /// <param name="network">The network, which is owned from now on.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="keys">What the classes are; null: there are none, or they are only numbered.</param>
    /// <param name="settings">The task's settings.</param>
    /// <param name="sourceTokenizer">The tokenizer of sources, where they have a vocabulary of their own.</param>
    public FittedNetwork(IHost host, TaskModel network, TextEncoder tokenizer, KeyValues? keys, TSettings settings, TextEncoder? sourceTokenizer = null)
    {
        (_host, Tokenizer, Keys, Settings, Config) = (host, tokenizer, keys, settings, network.Config);
        SourceTokenizer = sourceTokenizer ?? tokenizer;
        network.eval();
        _network = new SharedNetwork(network).Hold(settings.Owner);
    }

    public ModelConfig Config { get; }

    public TextEncoder Tokenizer { get; }

    /// <summary>The tokenizer of sources: <see cref="Tokenizer"/> but where they have a vocabulary of their own.</summary>
    public TextEncoder SourceTokenizer { get; }

    public KeyValues? Keys { get; }

    public TSettings Settings { get; }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static FittedNetwork<TSettings> Load(IHost host, ModelReader reader, HeadKind head) => Load(host, reader, (_, _) => head);

    /// <summary>Reads what <see cref="Save"/> wrote, where the network's config says which head it has.</summary>
    public static FittedNetwork<TSettings> Load(IHost host, ModelReader reader, Func<ModelConfig, HeadKind> head) => Load(host, reader, (config, _) => head(config));

    /// <summary>Reads what <see cref="Save"/> wrote, where config and settings say which head the network has.</summary>
    public static FittedNetwork<TSettings> Load(IHost host, ModelReader reader, Func<ModelConfig, TSettings, HeadKind> head)
    {
        TSettings settings = JsonSerializer.Deserialize<TSettings>(reader.ReadBytes(SettingsEntry))
            ?? throw reader.Damaged($"The entry '{SettingsEntry}' of the model file is empty.");
        ModelConfig config = ModelConfig.Parse(reader.ReadBytes(CheckpointFolder.ConfigFile), CheckpointFolder.ConfigFile);
        TextEncoder tokenizer = ReadTokenizer(reader, TokenizerEntry);
        KeyValues? keys = reader.Values.ReadBoolean() ? null : KeyValues.Load(host, new MemoryStream(reader.ReadBytes(KeysEntry)));
        TextEncoder? sourceTokenizer = config.HasSourceVocabulary ? ReadTokenizer(reader, SourceTokenizerEntry) : null;
        TaskModel network = TaskModel.Create(config, head(config, settings), Placement.Cpu);
        try
        {
            reader.ReadStream(CheckpointFolder.WeightsFile, stream => SafetensorsStream.Read(
                stream, CheckpointFolder.WeightsFile, network.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor)));
            NetworkPlacement.Place(network, settings.Precision, host);
            return new FittedNetwork<TSettings>(host, network, tokenizer, keys, settings, sourceTokenizer);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public void Save(ModelWriter writer)
    {
        TaskModel network = _network.Model;
        WriteNames(writer, Tokenizer);
        writer.Values.Write(Keys is null);
        if (Config.HasSourceVocabulary)
        {
            WriteNames(writer, SourceTokenizer);
            WriteFiles(writer, SourceTokenizer, SourceTokenizerEntry);
        }
        writer.WriteStream(SettingsEntry, stream => JsonSerializer.Serialize(stream, Settings));
        writer.WriteStream(CheckpointFolder.ConfigFile, stream => stream.Write(Encoding.UTF8.GetBytes(network.Config.ToJson(network.ClassName))));
        WriteFiles(writer, Tokenizer, TokenizerEntry);
        if (Keys is not null)
        {
            writer.WriteStream(KeysEntry, stream => Keys.Save(_host, stream));
        }
        writer.WriteStream(CheckpointFolder.WeightsFile, stream => SafetensorsWriter.Write(stream, network.StoredTensors()));
    }

    /// <summary>Writes a checkpoint folder.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="generationConfig">The content of generation_config.json, of a network that writes.</param>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void SaveCheckpoint(string folder, byte[]? generationConfig = null) =>
        CheckpointWriter.Write(folder, _network.Model, Tokenizer, generationConfig, Config.HasSourceVocabulary ? SourceTokenizer : null);

    /// <summary>The network as a checkpoint, which other networks begin as. It can be read until this is disposed.</summary>
    /// <param name="name">What to call it in a message.</param>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public Checkpoint Checkpoint(string name) => MLNet.Transformers.Checkpoint.FromNetwork(
        Config with { Architectures = [_network.Model.ClassName] }, Tokenizer, SourceTokenizer, name, () => new NetworkTensors(_network.Share(name), name));

    /// <summary>Holds the network for a use of its own.</summary>
    /// <param name="holder">What to call the holder when it is used after it was disposed.</param>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public SharedNetwork.Lease Share(string holder) => _network.Share(holder);

    /// <summary>Whether it was disposed; the network may live on with those that share it.</summary>
    public bool IsDisposed => _network.IsDisposed;

    /// <summary>A batch that shares the network; those of prediction engines answer together what is asked at once.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public RowBatch CreateBatch<TRow, TAnswer>(
        IPredictor<TRow, TAnswer> predictor, Func<DataViewRow, Func<TRow>> reader, IReadOnlyList<OutputColumn<TAnswer>> columns, int capacity)
    {
        SharedNetwork.Lease lease = _network.Share($"{(capacity == 1 ? "prediction engine" : "cursor")} of a {Settings.Owner}");
        // libtorch is as fast with several threads that each compute a row as with one that computes all of them.
        bool gathers = capacity == 1 && predictor.Gathers && lease.Model.Backbone.PredictsInTiles;
        return new AnswerBatch<TRow, TAnswer>(_host, lease, predictor, reader, columns, capacity, gathers ? Gatherer() : null);

        RowGatherer<TRow, TAnswer> Gatherer() =>
            (RowGatherer<TRow, TAnswer>)LazyInitializer.EnsureInitialized(ref _gatherer, () => new RowGatherer<TRow, TAnswer>(Settings.BatchSize))!;
    }

    public void Dispose() => _network.Dispose();

    private static TextEncoder ReadTokenizer(ModelReader reader, Func<string, string> entry) => TextEncoder.FromFiles(
        Enumerable.Range(0, reader.Values.ReadInt32()).Select(_ => reader.Values.ReadString()).ToArray().ToDictionary(name => name, name => reader.ReadBytes(entry(name))));

    private static void WriteNames(ModelWriter writer, TextEncoder tokenizer)
    {
        writer.Values.Write(tokenizer.Files.Count);
        foreach (string name in tokenizer.Files.Keys)
        {
            writer.Values.Write(name);
        }
    }

    private static void WriteFiles(ModelWriter writer, TextEncoder tokenizer, Func<string, string> entry)
    {
        foreach ((string name, byte[] content) in tokenizer.Files)
        {
            writer.WriteStream(entry(name), stream => stream.Write(content));
        }
    }

    private static string TokenizerEntry(string name) => $"tokenizer-{name}";

    private static string SourceTokenizerEntry(string name) => $"source-tokenizer-{name}";
}
