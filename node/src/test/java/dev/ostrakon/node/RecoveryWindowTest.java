package dev.ostrakon.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ostrakon.node.RecoveryWindow.Place;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecoveryWindowTest {
  private final RecoveryWindow window = new RecoveryWindow();

  @Test
  void it_doubles_while_every_recovery_finds_its_outcome_up_to_its_bound() {
    int before = window.size();
    beginAll(0).forEach(window::onFound);
    assertThat(window.size()).isEqualTo(2 * before);

    for (int i = 0; i < 10; i++) {
      beginAll(0).forEach(window::onFound);
    }
    assertThat(window.size()).isEqualTo(RecoveryWindow.SIZE_MAX);
  }

  @Test
  void it_shrinks_down_to_its_bound_while_recoveries_find_nothing() {
    for (int i = 0; i < 4; i++) {
      beginAll(0).forEach(window::onFound);
    }
    int large = window.size();
    window.onUnknown(window.begin(0));
    assertThat(window.size()).isEqualTo(large - large / 8);

    beginAll(0).forEach(window::onUnknown);
    assertThat(window.size()).isEqualTo(RecoveryWindow.SIZE_MIN);
  }

  @Test
  void a_recovery_that_takes_long_leaves_its_place_to_others() {
    List<Place> slow = beginAll(0);
    assertThat(window.room(RecoveryWindow.PLACE_NANOS - 1)).isZero();

    assertThat(window.room(RecoveryWindow.PLACE_NANOS)).isEqualTo(RecoveryWindow.SIZE_MIN);

    slow.forEach(window::onUnknown); // They end at last, and give nothing up twice.
    assertThat(window.room(RecoveryWindow.PLACE_NANOS)).isEqualTo(RecoveryWindow.SIZE_MIN);
  }

  @Test
  void what_is_underway_takes_room_until_it_ends() {
    List<Place> places = beginAll(0);
    assertThat(window.room(0)).isZero();

    window.onFound(places.get(50));

    assertThat(window.room(0)).isEqualTo(2); // One has ended, and it has grown by one.
  }

  private List<Place> beginAll(long nowNanos) {
    List<Place> places = new ArrayList<>();
    while (window.room(nowNanos) > 0) {
      places.add(window.begin(nowNanos));
    }
    return places;
  }
}
