using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>Lets a network with a language-model head write behind prompts.</summary>
internal sealed class TokenGenerator
{
    private readonly TaskModel _model;
    private readonly GenerationOptions _checkpoint;
    private readonly Func<IReadOnlyList<int>, string>? _decode;

    /// <param name="model">The network, in eval mode.</param>
    /// <param name="checkpoint">What the checkpoint says of generation (<see cref="GenerationConfigFile"/>).</param>
    /// <param name="decode">The text of token ids; only stop strings need it.</param>
    /// <exception cref="NotSupportedException">The network has no language-model head, or no decoder.</exception>
    public TokenGenerator(TaskModel model, GenerationOptions checkpoint, Func<IReadOnlyList<int>, string>? decode = null)
    {
        if (model.Head is not (HeadKind.CausalLanguageModel or HeadKind.SequenceToSequence) || model.Backbone.CachedLayers == 0)
        {
            throw new NotSupportedException(
                $"{model.ClassName} cannot generate: it takes a class with a decoder and a head for {HeadKind.CausalLanguageModel} or {HeadKind.SequenceToSequence}.");
        }
        (_model, _checkpoint, _decode) = (model, checkpoint, decode);
    }

    /// <summary>Whether the network reads a source and writes a target, instead of going on behind a prompt.</summary>
    public bool ReadsSource => _model.Backbone is IEncoderDecoder;

    /// <summary>Writes behind prompts.</summary>
    /// <param name="prompts">
    /// Of a decoder alone the prompts, padded on either side; of an encoder-decoder the sources, and as its target what the decoder begins with, where
    /// that is more than the start token.
    /// </param>
    /// <param name="options">How to write.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    /// <returns>Of each prompt as many texts as <see cref="GenerationOptions.ReturnedSequences"/>; of beam search the best first.</returns>
    /// <exception cref="ArgumentException">Options are out of range or do not go together, or the prompt leaves no room.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<IReadOnlyList<GeneratedSequence>> Generate(TokenBatch prompts, GenerationOptions options, CancellationToken cancellation = default)
    {
        var settings = new GenerationSettings(options, _checkpoint, _model.Config);
        return settings.Beams > 1 ? SearchBeams(prompts, settings, cancellation) : FollowTokens(prompts, settings, cancellation);
    }

    /// <summary>Writes behind prompts and gives each token when it is there. Steps run on threads of the pool.</summary>
    /// <param name="prompts">Makes the prompts, as <see cref="Generate"/> takes them; called once, when reading begins.</param>
    /// <param name="options">How to write; one beam.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    /// <exception cref="ArgumentException">As <see cref="Generate"/>, or there are several beams.</exception>
    public IAsyncEnumerable<GeneratedToken> StreamAsync(Func<TokenBatch> prompts, GenerationOptions options, CancellationToken cancellation = default)
    {
        var settings = new GenerationSettings(options, _checkpoint, _model.Config);
        return settings.Beams == 1
            ? Stream(prompts, settings, cancellation)
            : throw new ArgumentException($"{nameof(options.Beams)} is {settings.Beams}: beam search knows its text only at the end, so it cannot be read as it is written. Set it to 1.");
    }

    private async IAsyncEnumerable<GeneratedToken> Stream(
        Func<TokenBatch> prompts, GenerationSettings settings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using TokenLoop search = await Task.Run(() => Start(prompts, settings), cancellation).ConfigureAwait(false);
        while (!search.IsFinished)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (GeneratedToken token in await Task.Run(search.Step, cancellation).ConfigureAwait(false))
            {
                yield return token;
            }
        }
    }

    private IReadOnlyList<IReadOnlyList<GeneratedSequence>> FollowTokens(TokenBatch prompts, GenerationSettings settings, CancellationToken cancellation)
    {
        using TokenLoop search = Start(() => prompts, settings);
        var reasons = new FinishReason[search.Written.Count];
        while (!search.IsFinished)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (GeneratedToken token in search.Step().Where(token => token.Finish is not null))
            {
                reasons[token.Row] = token.Finish!.Value;
            }
        }
        return [.. search.Written.Select((ids, row) => new GeneratedSequence(ids, reasons[row])).Chunk(settings.ReturnedSequences)];
    }

    private TokenLoop Start(Func<TokenBatch> prompts, GenerationSettings settings)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        TokenBatch given = prompts();
        var stopStrings = new StopStrings(settings.StopStrings, _decode);
        GenerationSession session = Open(given, settings);
        long prompt = session.Length;
        int copies = settings.ReturnedSequences;
        ITokenChoice choice = settings.Sample
            ? new Sampling(settings.Seed, (int)given.Size * copies, _model.Device)
            : new HighestScore();
        return new TokenLoop(
            session, new LogitsRules(settings, prompt), choice, new StoppingCriteria(settings.EosIds, settings.Lengths(prompt).Longest, stopStrings), copies);
    }

    private IReadOnlyList<IReadOnlyList<GeneratedSequence>> SearchBeams(TokenBatch prompts, GenerationSettings settings, CancellationToken cancellation)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var stopStrings = new StopStrings(settings.StopStrings, _decode);
        using GenerationSession session = Open(prompts, settings);
        using Sampling? sampling = settings.Sample ? new Sampling(settings.Seed, (int)prompts.Size, _model.Device) : null;
        var stopping = new StoppingCriteria(settings.EosIds, settings.Lengths(session.Length).Longest, stopStrings);
        var search = new BeamSearch(session, new LogitsRules(settings, session.Length), stopping, settings, sampling);
        return
        [
            .. search.Run(cancellation).Select(texts => texts.Take(settings.ReturnedSequences)
                .Select(text => new GeneratedSequence(text.Tokens, text.Finish ?? FinishReason.Length, text.Score)).ToArray()),
        ];
    }

    private GenerationSession Open(TokenBatch given, GenerationSettings settings)
    {
        TokenBatch prompt = PromptAlignment.ToTheRight(ReadsSource ? DecoderPrompt(given, settings.DecoderStartId) : given);
        bool cached = settings.Options.Cached;
        long longest = settings.Lengths(prompt.Length).Longest;
        return ReadsSource
            ? new EncoderDecoderSession(_model, given with { Target = null }, prompt, longest, cached)
            : new DecoderOnlySession(_model, prompt, longest, cached);
    }

    // A decoder begins with its start token, which is put in front where the caller's ids do not begin with it.
    private static TokenBatch DecoderPrompt(TokenBatch given, int start)
    {
        Tensor first = full([given.Size, 1], start, ScalarType.Int64, given.Ids.device);
        if (given.Target is not { } target)
        {
            return new TokenBatch(first);
        }
        return target.Ids.narrow(1, 0, 1).eq(start).any().item<bool>()
            ? target
            : new TokenBatch(cat([first, target.Ids], 1), Mask: target.Mask is { } mask ? cat([ones_like(mask.narrow(1, 0, 1)), mask], 1) : null);
    }
}
