using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Generation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Vectors;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers;

/// <summary>
/// Writes text with a checkpoint that has a language-model head: a decoder alone goes on behind a prompt, an encoder-decoder answers a source. Made by
/// <see cref="TransformersCatalog.TextGenerator"/>. Several threads may use one generator at once.
/// </summary>
/// <remarks>
/// A text that is longer than the network takes (<see cref="ModelConfig.MaxTokens"/>) is not cut: each method refuses it with an
/// <see cref="ArgumentException"/> that names the limit. A generator that is disposed while others read or wait ends their work with
/// <see cref="ObjectDisposedException"/> at the next token; the weights are freed when the last of them is gone.
/// </remarks>
public sealed class TextGenerator : IDisposable
{
    private readonly IHost _host;
    private readonly SharedNetwork.Lease _network;
    private readonly TextEncoder _tokenizer;
    private readonly GenerationOptions _checkpoint;
    private readonly byte[]? _generationConfig;
    private readonly EmbeddedTokens _embedded;
    private readonly GenerationOptions _defaults;
    private readonly int? _seed;
    private readonly Lazy<int?> _turnEnd;
    private int _calls;

    internal TextGenerator(
        IHost host, TaskModel model, TextEncoder tokenizer, GenerationOptions checkpoint, TextGeneratorOptions options, byte[]? generationConfig = null)
    {
        (_host, _tokenizer, _checkpoint, _generationConfig) = (host, tokenizer, checkpoint, generationConfig);
        _embedded = new EmbeddedTokens(tokenizer, model.Config);
        _defaults = GenerationSettings.Merge(options.Generation, new GenerationOptions());
        GenerationSettings.CheckValues(_defaults, model.Config);
        _seed = options.Seed ?? host.Settings().Seed;
        int vocabulary = model.Config.VocabularySize;
        _turnEnd = new Lazy<int?>(() => TurnEnd.Of(tokenizer) is { } end && end < vocabulary ? end : null);
        model.eval();
        _network = new SharedNetwork(model).Hold(nameof(TextGenerator));
    }

    internal static TextGenerator Load(IHostEnvironment environment, Checkpoint checkpoint, TextGeneratorOptions options)
    {
        options.Validate();
        checkpoint.RequireOneVocabulary("a text generator");
        IHost host = environment.Register(nameof(TextGenerator));
        TaskModel model = NetworkPlacement.Apply(checkpoint, WritingHead.Of(checkpoint.Config, checkpoint.Name).Kind, options.Precision, host, Packing(options.Precision));
        try
        {
            // What was pretrained here has no file that names the end of a text, and its tokenizer does.
            GenerationOptions own = checkpoint.ReadGenerationOptions();
            int? end = checkpoint.Tokenizer.EndTokenId is { } id && id < model.Config.VocabularySize ? id : null;
            return new TextGenerator(
                host, model, checkpoint.Tokenizer, own with { EosIds = own.EosIds ?? (end is null ? null : [end.Value]) }, options, checkpoint.ReadGenerationConfig());
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static MatrixPacking Packing(Precision precision) => precision switch
    {
        Precision.Int8 => MatrixPacking.Int8,
        Precision.Int4 => MatrixPacking.Int4,
        _ => MatrixPacking.AsStored,
    };

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
        return Write([.. texts.Select(Encode)], Settings(options, _checkpoint), cancellation);
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
        Write([Encode(messages, template)], Settings(options, ForChat()), cancellation)[0][0].Text;

    /// <summary>Writes one text and gives its pieces as they are there: whole characters, and nothing that a stop string may still cut off.</summary>
    /// <param name="text">The prompt, or what is to be answered.</param>
    /// <param name="options">How to write, with one beam; null: as the checkpoint says.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    /// <exception cref="ArgumentException">As <see cref="Generate"/>, or there are several beams or returned sequences.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IAsyncEnumerable<string> StreamAsync(string text, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Stream(() => Encode(text), Settings(options, _checkpoint), cancellation);
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
        return Stream(() => Encode(messages, template), Settings(options, ForChat()), cancellation);
    }

    /// <summary>
    /// Writes a checkpoint folder that the reference implementation reads: config.json, model.safetensors (shards of 5 GB and an index where it would
    /// be longer), the tokenizer's files and generation_config.json.
    /// </summary>
    /// <param name="folder">The folder; made where it is missing. Files of the same names are replaced, each in one step.</param>
    /// <exception cref="ObjectDisposedException">The generator was disposed.</exception>
    public void SaveCheckpoint(string folder)
    {
        using SharedNetwork.Lease network = _network.Share(nameof(TextGenerator));
        CheckpointWriter.Write(folder, network.Model, _tokenizer, _generationConfig);
    }

    /// <summary>Frees the network, as soon as nobody writes with it.</summary>
    public void Dispose() => _network.Dispose();

    private IReadOnlyList<IReadOnlyList<GeneratedText>> Write(IReadOnlyList<int[]> prompts, GenerationSettings settings, CancellationToken cancellation)
    {
        using SharedNetwork.Lease network = _network.Share(nameof(TextGenerator));
        return Writing.Texts(network.Model, _tokenizer, () => Prompts(prompts, settings, network.Model), settings, () => CheckAlive(cancellation));
    }

    private IAsyncEnumerable<string> Stream(Func<int[]> prompt, GenerationSettings settings, CancellationToken cancellation)
    {
        settings.RequireOneBeam();
        settings.RequireOneText();
        return Pieces(prompt, settings, cancellation);
    }

    private async IAsyncEnumerable<string> Pieces(Func<int[]> prompt, GenerationSettings settings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using SharedNetwork.Lease network = _network.Share(nameof(TextGenerator));
        IAsyncEnumerable<string> pieces = Writing.Pieces(
            network.Model, _tokenizer, () => Prompts([prompt()], settings, network.Model), settings, () => CheckAlive(cancellation));
        await foreach (string piece in pieces.ConfigureAwait(false))
        {
            yield return piece;
        }
    }

    private void CheckAlive(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_network.IsDisposed, this);
        _host.CheckAlive();
        cancellation.ThrowIfCancellationRequested();
    }

    private GenerationSettings Settings(GenerationOptions? options, GenerationOptions checkpoint)
    {
        using SharedNetwork.Lease network = _network.Share(nameof(TextGenerator));
        GenerationOptions asked = GenerationSettings.Merge(options ?? new GenerationOptions(), _defaults);
        int? seed = asked.Seed ?? (_seed is { } seeded ? (int)Seeds.Mix(seeded, Interlocked.Increment(ref _calls)) : null);
        return new GenerationSettings(asked with { Seed = seed }, checkpoint, network.Model.Config);
    }

    // An answer ends with its turn.
    private GenerationOptions ForChat() =>
        _turnEnd.Value is { } end ? _checkpoint with { EosIds = [.. (_checkpoint.EosIds ?? []).Append(end).Distinct()] } : _checkpoint;

    private int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _embedded.Check(_tokenizer.Encode(text).Ids);
    }

    private int[] Encode(IReadOnlyList<ChatMessage> messages, ChatTemplateOptions? template) =>
        _embedded.Check(_tokenizer.EncodeChat(messages, addGenerationPrompt: true, template).Ids);

    private TokenBatch Prompts(IReadOnlyList<int[]> ids, GenerationSettings settings, TaskModel model)
    {
        int? begin = settings.Options.BosId ?? _tokenizer.BeginTokenId;
        if (ids.Any(row => row.Length == 0) && begin is null)
        {
            throw new ArgumentException($"A prompt has no token, and there is no {nameof(GenerationOptions.BosId)} to begin with.");
        }
        int padding = settings.Options.PadId ?? model.Config.PaddingId;
        // Padding is not seen, so a token that the network has no row for may be any other.
        padding = padding >= 0 && padding < model.Config.VocabularySize ? padding : model.Config.PaddingId;
        return TokenBatch.Pad([.. ids.Select(row => row.Length == 0 ? [begin!.Value] : row)], segmentIds: null, padding, model.Device);
    }
}
