using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bart;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.EncoderDecoder;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers;

/// <summary>Where a network and its tokenizer come from: a folder as Hugging Face lays it out, a file, or a config for fresh weights.</summary>
public sealed class Checkpoint
{
    private readonly CheckpointContents? _contents;

    private readonly Func<ITensorSource>? _network;

    // Whether both halves of an encoder-decoder begin as one BERT.
    private readonly bool _isDoubled;

    private Checkpoint(ModelConfig config, TextEncoder tokenizer, TextEncoder sourceTokenizer, string name = "a fresh network", Func<ITensorSource>? network = null) =>
        (Config, Tokenizer, SourceTokenizer, Name, _network) = (config, tokenizer, sourceTokenizer, name, network);

    private Checkpoint(CheckpointContents contents, bool strict, TextEncoder? tokenizer = null)
    {
        (_contents, Name, Strict) = (contents, contents.Path, strict);
        Tokenizer = tokenizer ?? (contents.TokenizerFiles is { } files ? TextEncoder.FromFiles(files) : TextEncoder.FromFolder(contents.Folder));
        using ITensorSource weights = contents.OpenWeights();
        Config = contents.Config.CompletedBy(weights);
        SourceTokenizer = Config.HasSourceVocabulary ? TextEncoder.FromFolder(Path.Combine(contents.Folder, CheckpointWriter.SourceTokenizerFolder)) : Tokenizer;
    }

    // What another checkpoint becomes the beginning of.
    private Checkpoint(Checkpoint begun, ModelConfig config, TextEncoder sourceTokenizer, IReadOnlyList<string> freshParts, bool isDoubled = false)
    {
        (Config, Tokenizer, SourceTokenizer, Name, Strict) = (config, begun.Tokenizer, sourceTokenizer, begun.Name, begun.Strict);
        (_contents, _network, _isDoubled) = (begun._contents, begun._network, isDoubled);
        BeginsAnew = _contents is null && _network is null ? [] : freshParts;
    }

    /// <summary>What the network is: what config.json says, completed by what the weights tell.</summary>
    public ModelConfig Config { get; }

    /// <summary>The tokenizer. It may know more tokens than the network has rows for; a text that holds one of them is refused.</summary>
    public TextEncoder Tokenizer { get; }

    /// <summary>
    /// The tokenizer of sources, where they have a vocabulary of their own (<see cref="WithSourceEncoder"/>); in a folder its files lie in the folder
    /// <c>source_tokenizer</c>. Of all other networks <see cref="Tokenizer"/>.
    /// </summary>
    public TextEncoder SourceTokenizer { get; }

    /// <summary>What to call the checkpoint in a message.</summary>
    internal string Name { get; }

    /// <summary>Where files that go with the weights may lie; null where the network is a fresh one.</summary>
    internal string? Folder => _contents?.Folder;

    /// <summary>Whether a tensor that the network does not have is an error.</summary>
    internal bool Strict { get; }

    /// <summary>Beginnings of the names of parameters that a training draws, since the weights cannot hold them.</summary>
    internal IReadOnlyList<string> BeginsAnew { get; } = [];

    /// <summary>What is odd about the checkpoint and was passed over; said in the log when it is loaded.</summary>
    internal IReadOnlyList<string> Warnings => _contents?.Warnings ?? [];

    /// <summary>
    /// A checkpoint folder: config.json, the weights, and tokenizer.json or the tokenizer's own files. Weights are looked for in this order:
    /// model.safetensors, its shards, pytorch_model.bin, its shards, one *.gguf or its parts. Where there is no config.json, a *.gguf says what the
    /// network is, and what the tokenizer is if it holds one. The weights' tensors are read when they are needed.
    /// </summary>
    /// <param name="folder">The folder. Nothing is downloaded: the name of a network on a hub is none.</param>
    /// <param name="strict">
    /// Whether tensors of the checkpoint that its architecture does not know are an error when it is loaded. False: they are named in the log, as the
    /// reference does. Tensors that are missing or of another shape are always errors.
    /// </param>
    /// <param name="modelType">
    /// The architecture, as <c>model_type</c> in config.json writes it ("bert", "t5"), whatever the file says; null: what it says there, else in the class
    /// names under <c>architectures</c>. A *.gguf without config.json says it itself.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="CheckpointException">
    /// config.json is missing, cannot be read, or tells no known architecture; the folder holds an adapter or quantized weights; or there are no weights, or
    /// they are malformed.
    /// </exception>
    /// <exception cref="TokenizerException">There is no tokenizer, or it is malformed.</exception>
    public static Checkpoint FromFolder(string folder, bool strict = false, string? modelType = null) => new(Contents(folder, modelType), strict);

    /// <summary>A checkpoint folder, as in <see cref="FromFolder(string, bool, string)"/>, with a tokenizer of your own in place of the folder's.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="CheckpointException">
    /// config.json is missing, cannot be read, or tells no known architecture; the folder holds an adapter or quantized weights; or there are no weights, or
    /// they are malformed.
    /// </exception>
    public static Checkpoint FromFolder(string folder, TextEncoder tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new Checkpoint(Contents(folder, null), strict: false, tokenizer);
    }

    /// <summary>
    /// A checkpoint folder, as in <see cref="FromFolder(string, bool, string)"/>, with any tokenizer of Microsoft.ML.Tokenizers in place of the folder's. The
    /// folder's tokenizer_config.json and config.json say what the tokenizer leaves open; where more is to be said, use <see cref="TextEncoder.FromTokenizer"/>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="CheckpointException">
    /// config.json is missing, cannot be read, or tells no known architecture; the folder holds an adapter or quantized weights; or there are no weights, or
    /// they are malformed.
    /// </exception>
    public static Checkpoint FromFolder(string folder, Tokenizer tokenizer)
    {
        CheckpointContents contents = Contents(folder, null);
        var options = new TokenizerAdapterOptions { Folder = folder, VocabularySize = contents.Config.VocabularySize };
        return new Checkpoint(contents, strict: false, TextEncoder.FromTokenizer(tokenizer, options));
    }

    /// <summary>
    /// One file with weights. A *.gguf (llama.cpp's format, of a LLaMA; one of its parts stands for all) holds config and tokenizer too; beside a
    /// *.safetensors, *.bin, *.pt, *.pth or *.index.json lie config.json and the tokenizer's files. Blocks of few bits are decoded to float32.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="strict">As of <see cref="FromFolder(string, bool, string)"/>.</param>
    /// <param name="modelType">As of <see cref="FromFolder(string, bool, string)"/>, of the config.json beside the file; a *.gguf says it itself.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointException">
    /// The file, or the config.json beside it, is malformed, missing, or of an unknown architecture; beside it lies an adapter; or the weights are quantized.
    /// </exception>
    /// <exception cref="TokenizerException">There is no tokenizer, or it is malformed.</exception>
    public static Checkpoint FromFile(string path, bool strict = false, string? modelType = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return File.Exists(path)
            ? new Checkpoint(CheckpointContents.OfFile(path, modelType), strict)
            : throw new FileNotFoundException(
                Directory.Exists(path) ? $"'{path}' is a folder, not a file: open it with Checkpoint.FromFolder." : $"There is no checkpoint file '{path}'.", path);
    }

    /// <summary>A network with fresh weights, to be trained from scratch.</summary>
    /// <param name="config">Architecture and sizes of the network; the vocabulary must hold the tokenizer's ids.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <exception cref="CheckpointException">A value of the config has the wrong range, or the tokenizer has more pieces than the network.</exception>
    public static Checkpoint FromConfig(ModelConfig config, TextEncoder tokenizer)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(tokenizer);
        config.Check();
        int rows = Math.Min(config.VocabularySize, config.SourceConfig.VocabularySize);
        return tokenizer.MaxId < rows
            ? new Checkpoint(config, tokenizer, tokenizer)
            : throw new CheckpointException(
                $"The tokenizer has ids up to {tokenizer.MaxId}, but the embedding table is to have {rows} rows; set VocabularySize to {tokenizer.MaxId + 1} at least.");
    }

    /// <summary>
    /// A network with fresh weights and any tokenizer of Microsoft.ML.Tokenizers; where more is to be said of it than it says itself, use
    /// <see cref="TextEncoder.FromTokenizer"/>.
    /// </summary>
    /// <param name="config">Architecture and sizes of the network; the vocabulary must hold the tokenizer's ids.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <exception cref="CheckpointException">A value of the config has the wrong range, or the tokenizer has more pieces than the network.</exception>
    public static Checkpoint FromConfig(ModelConfig config, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(config);
        return FromConfig(config, TextEncoder.FromTokenizer(tokenizer, new TokenizerAdapterOptions { VocabularySize = config.VocabularySize }));
    }

    /// <summary>
    /// An encoder-decoder whose halves both begin as this BERT (Rothe et al. 2020, BERT2BERT): for <see cref="TransformersCatalog.SequenceToSequence"/>. What
    /// BERT does not have, attention to the source and, without a masked language model's, the decoder's head, is fresh, so it has to be trained. A target
    /// begins behind [CLS] and ends with [SEP].
    /// </summary>
    /// <returns>The checkpoint; this one stays as it is.</returns>
    /// <exception cref="NotSupportedException">The checkpoint is none of BERT; of the networks built like it, RoBERTa is none.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer has no [CLS] or no [SEP].</exception>
    public Checkpoint AsEncoderDecoder()
    {
        if (Config is not BertConfig bert)
        {
            throw new NotSupportedException($"An encoder-decoder can be begun from a '{BertConfig.Type}' checkpoint; '{Name}' is '{Config.ModelType}'.");
        }
        EncoderDecoderConfig config = WarmStart.Config(bert, Required(Tokenizer.ClassTokenId, "cls_token"), Required(Tokenizer.SeparatorTokenId, "sep_token"));
        return new Checkpoint(this, config, Tokenizer, WarmStart.FreshParts(config), isDoubled: true);

        int Required(int? id, string role) => id
            ?? throw new InvalidOperationException($"The tokenizer of '{Name}' has no {role}, which the decoder of an encoder-decoder needs.");
    }

    /// <summary>
    /// This BART with a fresh encoder before its own, which has a vocabulary of its own: what it makes of a source takes the place of token vectors in BART's
    /// encoder, so that another language is read (Lewis et al. 2020, §3.4). It has to be trained: in two stages by <see cref="TransformersCatalog.Translation"/>,
    /// or all at once by <see cref="TransformersCatalog.SequenceToSequence"/>.
    /// </summary>
    /// <param name="sourceTokenizer">The tokenizer of the sources, with its special tokens around a text where it puts any.</param>
    /// <param name="encoder">Layers, heads and widths of the encoder; its vocabulary and padding are the tokenizer's, its width is BART's. Null: as BART's own encoder.</param>
    /// <returns>The checkpoint; this one stays as it is.</returns>
    /// <exception cref="NotSupportedException">The checkpoint is none of BART, or has such an encoder already.</exception>
    /// <exception cref="CheckpointException">A size of the encoder is out of range.</exception>
    public Checkpoint WithSourceEncoder(TextEncoder sourceTokenizer, BertConfig? encoder = null)
    {
        ArgumentNullException.ThrowIfNull(sourceTokenizer);
        if (Config is not BartConfig { SourceEncoder: null } bart)
        {
            throw new NotSupportedException(Config is BartConfig
                ? $"'{Name}' has an encoder for sources already; train it on with {nameof(TransformersCatalog.SequenceToSequence)}."
                : $"A new encoder for sources stands before the one of a '{BartConfig.Type}' checkpoint; '{Name}' is '{Config.ModelType}'.");
        }
        BartConfig config = NewSourceEncoder.Config(bart, sourceTokenizer.MaxId + 1, sourceTokenizer.PadTokenId ?? 0, encoder);
        return new Checkpoint(this, config, sourceTokenizer, NewSourceEncoder.FreshParts);
    }

    /// <summary>A checkpoint folder, or a file of weights, by its extension: see <see cref="FromFolder(string, bool, string)"/> and <see cref="FromFile"/>.</summary>
    public static implicit operator Checkpoint(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return !Directory.Exists(path) && CheckpointFolder.IsWeights(path) ? FromFile(path) : FromFolder(path);
    }

    /// <summary>A network that is in memory.</summary>
    /// <param name="config">What it is.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="sourceTokenizer">That of its sources.</param>
    /// <param name="name">What to call it in a message.</param>
    /// <param name="open">Gives its tensors.</param>
    internal static Checkpoint FromNetwork(ModelConfig config, TextEncoder tokenizer, TextEncoder sourceTokenizer, string name, Func<ITensorSource> open) =>
        new(config, tokenizer, sourceTokenizer, name, open);

    /// <summary>Refuses a network whose sources have a vocabulary of their own.</summary>
    /// <param name="task">What reads and writes by one vocabulary.</param>
    /// <exception cref="NotSupportedException">It is such a network.</exception>
    internal void RequireOneVocabulary(string task)
    {
        if (!ReferenceEquals(Tokenizer, SourceTokenizer))
        {
            throw new NotSupportedException(
                $"'{Name}' reads its sources by a vocabulary of their own, {task} reads and writes by one. Use {nameof(TransformersCatalog.ApplySequenceToSequence)} or {nameof(TransformersCatalog.SequenceToSequence)}.");
        }
    }

    /// <summary>The weights, or null where they are to be made.</summary>
    internal ITensorSource? OpenWeights() =>
        _isDoubled && OpenStored() is { } bert ? new Bert2BertTensors(bert) : OpenStored();

    /// <summary>What the checkpoint says of how it writes.</summary>
    internal GenerationOptions ReadGenerationOptions() => ReadGenerationConfig() is { } content
        ? GenerationConfigFile.Read(content, $"{Name}, {GenerationConfigFile.FileName}")
        : GenerationConfigFile.Legacy(Config, $"{Name}, config.json");

    /// <summary>The content of generation_config.json, or what a GGUF file says of the same; null where there is none.</summary>
    internal byte[]? ReadGenerationConfig() => _isDoubled ? null : _contents?.GenerationConfig;

    private ITensorSource? OpenStored() => _network?.Invoke() ?? _contents?.OpenWeights();

    private static CheckpointContents Contents(string folder, string? modelType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Directory.Exists(folder)
            ? CheckpointContents.OfFolder(folder, modelType)
            : throw new DirectoryNotFoundException(File.Exists(folder)
                ? $"'{folder}' is a file, not a checkpoint folder: open it with Checkpoint.FromFile, or give the folder that it lies in."
                : $"There is no checkpoint folder '{folder}'. If that is a network's name on a hub, download its files first (config.json, weights, tokenizer) and give their folder.");
    }
}
