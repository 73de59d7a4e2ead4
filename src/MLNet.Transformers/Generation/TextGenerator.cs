using System.Runtime.CompilerServices;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers;

/// <summary>
/// Writes text with a checkpoint that has a language-model head: a decoder alone goes on behind a prompt, an encoder-decoder answers a source. Several
/// threads may use one generator at once.
/// </summary>
public sealed class TextGenerator : IDisposable
{
    private readonly TaskModel _model;
    private readonly TextEncoder _tokenizer;
    private readonly GenerationOptions _checkpointOptions;
    private readonly byte[]? _generationConfig;
    private readonly TokenGenerator _generator;
    private readonly EmbeddedTokens _embedded;

    internal TextGenerator(TaskModel model, TextEncoder tokenizer, GenerationOptions checkpointOptions, byte[]? generationConfig = null)
    {
        (_model, _tokenizer, _checkpointOptions, _generationConfig) = (model, tokenizer, checkpointOptions, generationConfig);
        _generator = new TokenGenerator(model, checkpointOptions, Decode);
        _embedded = new EmbeddedTokens(tokenizer, model.Config);
    }

    /// <summary>Loads a checkpoint, to compute on the CPU.</summary>
    /// <param name="checkpoint">A checkpoint folder or file with the weights of a language model.</param>
    /// <param name="precision">Number format of the computation.</param>
    /// <exception cref="CheckpointException">The weights are missing or do not fit, or the checkpoint asks for a way of generation that is not supported.</exception>
    /// <exception cref="NotSupportedException">The architecture has no decoder with a language-model head.</exception>
    public static TextGenerator FromCheckpoint(Checkpoint checkpoint, Precision precision = Precision.Float32)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Check.Defined(precision, nameof(precision));
        NativeBackend.EnsureLoaded();
        TaskModel model = NetworkLoader.Apply(checkpoint, HeadOf(checkpoint), static _ => { });
        try
        {
            model.eval();
            model.ComputeType = ComputeDevice.ComputeType(precision, CPU, static _ => { });
            return new TextGenerator(model, checkpoint.Tokenizer, checkpoint.ReadGenerationOptions(), checkpoint.ReadGenerationConfig());
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes one text.</summary>
    /// <param name="text">The prompt, or what is to be answered.</param>
    /// <param name="options">How to write; null: as the checkpoint says.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    /// <exception cref="ArgumentException">Options are out of range or do not go together, or the prompt leaves no room.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public string Generate(string text, GenerationOptions? options = null, CancellationToken cancellation = default) =>
        GenerateBatch([text], options, cancellation)[0][0].Text;

    /// <summary>Writes behind several prompts at once, in one batch.</summary>
    /// <param name="texts">The prompts, or what is to be answered; at least one.</param>
    /// <param name="options">How to write; null: as the checkpoint says.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    /// <returns>Of each prompt as many texts as <see cref="GenerationOptions.ReturnedSequences"/>, the best first.</returns>
    /// <exception cref="ArgumentException">As <see cref="Generate"/>, or there is no text.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<IReadOnlyList<GeneratedText>> GenerateBatch(
        IReadOnlyList<string> texts, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
        {
            throw new ArgumentException("There is no text.", nameof(texts));
        }
        return Write([.. texts.Select(Encode)], options ?? new GenerationOptions(), cancellation);
    }

    /// <summary>Answers a conversation, as the checkpoint's chat template writes it.</summary>
    /// <param name="messages">The conversation; the last message is the one to answer.</param>
    /// <param name="options">How to write; null: as the checkpoint says.</param>
    /// <param name="template">What the template is given besides, such as tools.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    /// <exception cref="InvalidOperationException">The checkpoint has no chat template.</exception>
    /// <exception cref="ChatTemplateException">The template cannot be rendered, or refuses the conversation.</exception>
    /// <exception cref="ArgumentException">As <see cref="Generate"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public string Chat(
        IReadOnlyList<ChatMessage> messages, GenerationOptions? options = null, ChatTemplateOptions? template = null, CancellationToken cancellation = default) =>
        Write([Encode(messages, template)], options ?? new GenerationOptions(), cancellation)[0][0].Text;

    /// <summary>Writes one text and gives its pieces as they are there: whole characters, and nothing that a stop string may still cut off.</summary>
    /// <param name="text">The prompt, or what is to be answered.</param>
    /// <param name="options">How to write, with one beam; null: as the checkpoint says.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    /// <exception cref="ArgumentException">As <see cref="Generate"/>, or there are several beams or returned sequences.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IAsyncEnumerable<string> StreamAsync(string text, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Stream(() => Encode(text), options ?? new GenerationOptions(), cancellation);
    }

    /// <summary>Answers a conversation and gives the answer's pieces as they are there; see <see cref="Chat"/> and <see cref="StreamAsync"/>.</summary>
    /// <param name="messages">The conversation; the last message is the one to answer.</param>
    /// <param name="options">How to write, with one beam; null: as the checkpoint says.</param>
    /// <param name="template">What the template is given besides, such as tools.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    /// <exception cref="InvalidOperationException">The checkpoint has no chat template.</exception>
    /// <exception cref="ChatTemplateException">The template cannot be rendered, or refuses the conversation.</exception>
    /// <exception cref="ArgumentException">As <see cref="StreamAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IAsyncEnumerable<string> StreamChatAsync(
        IReadOnlyList<ChatMessage> messages, GenerationOptions? options = null, ChatTemplateOptions? template = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Stream(() => Encode(messages, template), options ?? new GenerationOptions(), cancellation);
    }

    /// <summary>
    /// Writes a checkpoint folder that the reference implementation reads: config.json, model.safetensors (shards of 5 GB and an index where it would
    /// be longer), the tokenizer's files and generation_config.json.
    /// </summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    public void SaveCheckpoint(string folder) => CheckpointWriter.Write(folder, _model, _tokenizer, _generationConfig);

    /// <summary>Frees the network.</summary>
    public void Dispose() => _model.Dispose();

    private IReadOnlyList<IReadOnlyList<GeneratedText>> Write(IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        StopStrings stops = Stops(options);
        return [.. _generator.Generate(Prompts(prompts, options), options, cancellation).Select(row => row.Select(written => Read(written, stops)).ToArray())];
    }

    private IAsyncEnumerable<string> Stream(Func<int[]> prompt, GenerationOptions options, CancellationToken cancellation)
    {
        if ((options.ReturnedSequences ?? _checkpointOptions.ReturnedSequences ?? 1) > 1)
        {
            throw new ArgumentException($"{nameof(options.ReturnedSequences)} is {options.ReturnedSequences ?? _checkpointOptions.ReturnedSequences}; one text can be read as it is written. Set it to 1.");
        }
        return Pieces(_generator.StreamAsync(() => Prompts([prompt()], options), options, cancellation), new TextPieces(Decode, Stops(options)), cancellation);
    }

    private static async IAsyncEnumerable<string> Pieces(
        IAsyncEnumerable<GeneratedToken> tokens, TextPieces pieces, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (GeneratedToken token in tokens.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (pieces.Add(token.Id) is { Length: > 0 } piece)
            {
                yield return piece;
            }
        }
        if (pieces.Finish() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }

    private static HeadKind HeadOf(Checkpoint checkpoint)
    {
        HeadSpec[] writers = [.. ArchitectureRegistry.Of(checkpoint.Config).Heads.Where(head => head.Kind is HeadKind.CausalLanguageModel or HeadKind.SequenceToSequence)];
        return (writers.FirstOrDefault(head => checkpoint.Config.Architectures.Contains(head.ClassName)) ?? writers.FirstOrDefault())?.Kind
            ?? throw new NotSupportedException($"'{checkpoint.Name}' is of the architecture '{checkpoint.Config.ModelType}', which has no language model that writes.");
    }

    private int[] Encode(string text) => _embedded.Check(_tokenizer.Encode(text).Ids);

    private int[] Encode(IReadOnlyList<ChatMessage> messages, ChatTemplateOptions? template) =>
        _embedded.Check(_tokenizer.EncodeChat(messages, addGenerationPrompt: true, template).Ids);

    private TokenBatch Prompts(IReadOnlyList<int[]> ids, GenerationOptions options)
    {
        int? begin = options.BosId ?? _checkpointOptions.BosId ?? _tokenizer.BeginTokenId;
        if (ids.Any(row => row.Length == 0) && begin is null)
        {
            throw new ArgumentException($"A prompt has no token, and there is no {nameof(options.BosId)} to begin with.");
        }
        int padding = options.PadId ?? _checkpointOptions.PadId ?? _model.Config.PaddingId;
        // Padding is not seen, so a token that the network has no row for may be any other.
        padding = padding < _model.Config.VocabularySize ? padding : _model.Config.PaddingId;
        return TokenBatch.Pad([.. ids.Select(row => row.Length == 0 ? [begin!.Value] : row)], segmentIds: null, padding, _model.Device);
    }

    private StopStrings Stops(GenerationOptions options) => new(options.StopStrings ?? _checkpointOptions.StopStrings ?? [], Decode);

    private GeneratedText Read(GeneratedSequence written, StopStrings stops)
    {
        string text = Decode(written.Ids);
        return new GeneratedText(stops.Find(text) is var at and >= 0 ? text[..at] : text, written.Ids, written.Finish, written.Score);
    }

    private string Decode(IReadOnlyList<int> ids) => _tokenizer.Decode(ids);
}
