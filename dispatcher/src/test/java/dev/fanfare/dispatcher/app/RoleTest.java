package dev.fanfare.dispatcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.config.InvalidConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoleTest {
  @Test
  void theConfigurationKnowsTheSameWords() {
    assertThat(Stream.of(Role.values()).map(Role::word))
        .containsExactlyElementsOf(FanfareConfig.ROLES);
    assertThat(FanfareConfig.ROLES).allMatch(word -> Role.find(word).isPresent());
  }

  @Test
  void closesInReverseAndGoesOnWhenSomethingFails() {
    var closed = new ArrayList<Integer>();
    var closer = new Closer();
    for (int i = 1; i <= 3; i++) {
      int number = i;
      var _ =
          closer.add(() -> {
            closed.add(number);
            if (number == 2) {
              throw new IllegalStateException("stuck");
            }
          });
    }

    closer.close();
    closer.close();

    assertThat(closed).isEqualTo(List.of(3, 2, 1));
  }

  @Test
  void refusesToStartAnApiThatAnybodyCouldUse() {
    var config = FanfareConfig.load(ConfigFile.of("t", "roles: [api]"), Map.of());

    assertThatThrownBy(() -> Fanfare.start(config))
        .isInstanceOf(InvalidConfig.class)
        .hasMessageContaining("api.api_key is not set")
        .hasMessageContaining("FANFARE_API_API_KEY");
  }
}
